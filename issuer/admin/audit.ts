import { nodeDigest } from '../../core/node/crypto.ts';
import { canonicalJson, parseCanonicalJson } from '../../core/journal/canonical.ts';
import { chainRecord, genesis } from '../../core/journal/record.ts';
import { utf8 } from '../../core/ports/bytes.ts';
import type { Clock } from '../../core/ports/clock.ts';
import { isCoded } from '../../core/ports/coded-error.ts';
import type { JournalRecord } from '../../core/ports/journal.ts';
import type { JsonObject } from '../../core/ports/json.ts';
import { insertAudit, lockAudit, readAudit, type StoredRecord } from '../store/audit.ts';
import type { Queries } from '../store/database.ts';

/** Puts what somebody did at the end of the chain, in the transaction that does it: both happen or neither. */
export async function appendAudit(
  queries: Queries,
  clock: Clock,
  kind: string,
  body: JsonObject,
): Promise<JournalRecord> {
  const record = chainRecord(await lockAudit(queries), { at: clock.now(), kind, body }, nodeDigest);
  await insertAudit(queries, record, canonicalJson(body));
  return record;
}

const pageSize = 1000;

export interface AuditVerdict {
  readonly ok: boolean;
  readonly records: number;
  /** Hash of the last good record. Note it outside: that the end is missing cannot be seen from the chain alone. */
  readonly head: string;
  /** The first record that does not fit. */
  readonly broken?: number;
  /** The hash asked for was met. */
  readonly headFound?: boolean;
}

/** What a record would be at this place; undefined when what is stored cannot be what was hashed. */
function rechained(last: StoredRecord | undefined, { at, kind, body }: StoredRecord): JournalRecord | undefined {
  try {
    return chainRecord(last, { at, kind, body: parseCanonicalJson(utf8(body)) }, nodeDigest);
  } catch (error) {
    if (isCoded(error)) return undefined;
    throw error;
  }
}

/** Recomputes the whole chain; with `head`, also whether a hash that was noted before is still in it. */
export async function verifyAudit(queries: Queries, head?: string): Promise<AuditVerdict> {
  let last: StoredRecord | undefined;
  let found = head === undefined || head === genesis;
  for (;;) {
    const page = await readAudit(queries, last?.sequence ?? 0, pageSize);
    for (const record of page) {
      const expected = rechained(last, record);
      const fits = record.sequence === expected?.sequence && record.previous === expected.previous;
      if (!fits || record.hash !== expected.hash) {
        const good = { records: last?.sequence ?? 0, head: last?.hash ?? genesis };
        return { ok: false, ...good, broken: good.records + 1 };
      }
      found ||= record.hash === head;
      last = record;
    }
    if (page.length < pageSize) break;
  }
  const whole = { records: last?.sequence ?? 0, head: last?.hash ?? genesis };
  return { ok: found, ...whole, ...(head === undefined ? {} : { headFound: found }) };
}
