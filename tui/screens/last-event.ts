import type { JournalRecord } from '../../core/ports/journal.ts';
import { formatUtc } from '../../core/profile/dates.ts';
import { text } from './text.ts';

/** The newest thing that happened, for the header. */
export interface LastEvent {
  /** UTC. */
  readonly at: string;
  readonly what: string;
}

/** Acts name their confirmations after the role that gives them. */
const confirming = 'confirm-';

function whatOf({ kind, body }: JournalRecord): string {
  const { value, act, prompt } = body;
  if (kind === 'answer' && Array.isArray(value)) return text.named(value.length);
  if (kind === 'answer' && typeof value === 'string' && value.length <= 40) {
    const by = typeof prompt === 'string' && prompt.startsWith(confirming) ? prompt.slice(confirming.length) : '';
    return text.answered(value, by);
  }
  if (kind === 'did' && typeof act === 'number') return text.actDone(act + 1);
  return text.events[kind] ?? kind;
}

/** The newest record that people would call an event: writing ahead is the program's own business. */
export function lastEvent(records: readonly JournalRecord[]): LastEvent {
  const record = records.findLast(({ kind }) => kind !== 'intend') ?? records.at(-1);
  return record === undefined ? { at: '', what: '' } : { at: formatUtc(record.at), what: whatOf(record) };
}
