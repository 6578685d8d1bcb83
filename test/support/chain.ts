import { nodeDigest } from '../../core/node/crypto.ts';
import { chainRecord } from '../../core/journal/record.ts';
import type { JournalRecord } from '../../core/ports/journal.ts';
import type { JsonObject } from '../../core/ports/json.ts';

/** A chain of records with these bodies, one second apart. */
export function chainOf(...bodies: readonly JsonObject[]): readonly JournalRecord[] {
  const records: JournalRecord[] = [];
  for (const [index, body] of bodies.entries()) {
    records.push(chainRecord(records.at(-1), { at: 1_800_000_000 + index, kind: 'note', body }, nodeDigest));
  }
  return records;
}
