import type { LastEvent } from '../../core/ceremony/last-event.ts';
import { text } from './text.ts';

/** What the newest record says, in a few words. */
export function whatHappened({ kind, act, typed, named, by }: LastEvent): string {
  if (named !== null) return text.named(named);
  if (typed !== null) return text.answered(typed, by ?? '');
  if (act !== null) return text.actDone(act);
  return text.events[kind] ?? kind;
}
