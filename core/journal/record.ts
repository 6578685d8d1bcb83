import type { Digest } from '../ports/digest.ts';
import { toHex } from '../ports/hex.ts';
import type { JournalRecord } from '../ports/journal.ts';
import type { JsonObject } from '../ports/json.ts';
import type { Refusal } from '../ports/coded-error.ts';
import { canonicalBytes } from './canonical.ts';

/** What the first record names as its predecessor. */
export const genesis = '0'.repeat(64);

/** What happened, before it has a place in the chain. */
export interface Entry {
  readonly at: number;
  readonly kind: string;
  readonly body: JsonObject;
}

function hashOf(record: Omit<JournalRecord, 'hash'>, digest: Digest): string {
  const { sequence, at, kind, body, previous } = record;
  return toHex(digest('sha256', canonicalBytes({ sequence, at, kind, body, previous })));
}

/** The record that puts `entry` after `last`. */
export function chainRecord(
  last: Pick<JournalRecord, 'sequence' | 'hash'> | undefined,
  entry: Entry,
  digest: Digest,
): JournalRecord {
  const { at, kind, body } = entry;
  const record = { sequence: (last?.sequence ?? 0) + 1, at, kind, body, previous: last?.hash ?? genesis };
  return { ...record, hash: hashOf(record, digest) };
}

/**
 * Why these records are not one unbroken chain, or undefined. Whether the end is missing cannot be seen from the chain
 * alone: compare the last hash with the one in the bundle or on paper.
 */
export function chainFault(records: readonly JournalRecord[], digest: Digest): Refusal | undefined {
  let last: JournalRecord | undefined;
  for (const record of records) {
    const expected = chainRecord(last, record, digest);
    const fault =
      record.sequence !== expected.sequence
        ? 'is missing or out of order'
        : record.previous !== expected.previous
          ? 'does not follow the record before it'
          : record.hash !== expected.hash
            ? 'was changed after it was written'
            : undefined;
    if (fault !== undefined) {
      return {
        code: 'journal-chain-broken',
        message: `Journal record ${expected.sequence} ${fault}.`,
        remedy: 'Stop. Keep this journal as evidence and go on from a copy that verifies.',
        where: { field: `record ${expected.sequence}` },
      };
    }
    last = record;
  }
  return undefined;
}
