import { z } from 'zod';
import type { Digest } from '../ports/digest.ts';
import type { JournalRecord } from '../ports/journal.ts';
import type { Json } from '../ports/json.ts';
import { isCoded } from '../ports/coded-error.ts';
import { canonicalBytes, parseCanonicalJson } from '../journal/canonical.ts';
import { chainFault } from '../journal/record.ts';

const hash = z.string().regex(/^[0-9a-f]{64}$/u);
const recordSchema = z.strictObject({
  sequence: z.int().min(1),
  at: z.int().min(0),
  kind: z.string().min(1).max(64),
  body: z.record(z.string(), z.json()),
  previous: hash,
  hash,
});
const transcriptSchema = z.strictObject({ records: z.array(recordSchema).min(1).max(100_000) });

/** transcript.json: the ceremony's journal up to the export, in canonical JSON. */
export function writeTranscript(records: readonly JournalRecord[]): Uint8Array {
  return canonicalBytes({ records: records.map((record) => ({ ...record })) as Json });
}

/** The records of a transcript whose chain is whole, or undefined. */
export function readTranscript(bytes: Uint8Array, digest: Digest): readonly JournalRecord[] | undefined {
  try {
    const { records } = transcriptSchema.parse(parseCanonicalJson(bytes));
    const typed = records as readonly JournalRecord[];
    return chainFault(typed, digest) === undefined ? typed : undefined;
  } catch (error) {
    if (isCoded(error) || error instanceof z.ZodError) return undefined;
    throw error;
  }
}
