import type { JournalRecord } from '../ports/journal.ts';
import { formatUtc } from '../profile/dates.ts';

/** The newest thing that happened, for a face to put into words. */
export interface LastEvent {
  /** UTC. */
  readonly at: string;
  /** The record's kind. */
  readonly kind: string;
  /** The act it is about, from 1, where it says that one was done. */
  readonly act: number | null;
  /** What was typed, where it is short; never a PIN, which no record holds. */
  readonly typed: string | null;
  /** How many people were named. */
  readonly named: number | null;
  /** The role that confirmed. */
  readonly by: string | null;
}

/** Acts name their confirmations after the role that gives them. */
const confirming = 'confirm-';
const longestTyped = 40;

/** The newest record that people would call an event: writing ahead is the program's own business. */
export function lastEvent(records: readonly JournalRecord[]): LastEvent | undefined {
  const record = records.findLast(({ kind }) => kind !== 'intend') ?? records.at(-1);
  if (record === undefined) return undefined;
  const { kind, at } = record;
  const { value, act, prompt } = record.body;
  const typed = kind === 'answer' && typeof value === 'string' && value.length <= longestTyped ? value : null;
  const confirmed = typed !== null && typeof prompt === 'string' && prompt.startsWith(confirming);
  return {
    at: formatUtc(at),
    kind,
    act: kind === 'did' && typeof act === 'number' ? act + 1 : null,
    typed,
    named: kind === 'answer' && Array.isArray(value) ? value.length : null,
    by: confirmed ? prompt.slice(confirming.length) : null,
  };
}
