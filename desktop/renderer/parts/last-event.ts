import type { Snapshot } from '../../contract/shapes.ts';
import { text } from '../text.ts';

/** The newest thing that happened, in a few words. */
export function lastEventText({ kind, typed, named, by, act }: Snapshot['last']): string {
  if (named !== null) return text.named(named);
  if (kind === 'answer' && typed !== null) return text.answered(typed, by ?? '');
  if (kind === 'did' && act !== null) return text.actDone(act);
  return text.events[kind] ?? kind;
}
