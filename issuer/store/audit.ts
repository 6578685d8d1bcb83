import type { JournalRecord } from '../../core/ports/journal.ts';
import type { Queries, Statement } from './database.ts';

/** A record as it is stored, its body in the canonical form that was hashed: whether it still is, only who reads it can tell. */
export type StoredRecord = Omit<JournalRecord, 'body'> & { readonly body: string };

const statements = {
  // Any number that nothing else locks: of two who append, one waits for the other's row.
  lock: { name: 'audit-lock', text: 'SELECT pg_advisory_xact_lock(7204118563190242)', durable: false },
  last: {
    name: 'audit-last',
    text: 'SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1',
    durable: false,
  },
  insert: {
    name: 'audit-insert',
    text: 'INSERT INTO audit (sequence, at, kind, body, previous, hash) VALUES ($1, $2, $3, $4, $5, $6)',
    durable: true,
  },
  page: {
    name: 'audit-page',
    text: `SELECT sequence, at, kind, body, previous, hash FROM audit WHERE sequence > $1
      ORDER BY sequence LIMIT $2`,
    durable: false,
  },
} as const satisfies Record<string, Statement>;

/** Of the last record what the next one is chained to. It stays the last to the end of the transaction. */
export async function lockAudit(queries: Queries): Promise<Pick<JournalRecord, 'sequence' | 'hash'> | undefined> {
  await queries.rows(statements.lock);
  return queries.first<Pick<JournalRecord, 'sequence' | 'hash'>>(statements.last);
}

/** Stores a record; `body` in the canonical form that was hashed. */
export async function insertAudit(queries: Queries, record: JournalRecord, body: string): Promise<void> {
  const { sequence, at, kind, previous, hash } = record;
  await queries.rows(statements.insert, [sequence, at, kind, body, previous, hash]);
}

/** Records after one, in order, at most `limit`. */
export async function readAudit(queries: Queries, after: number, limit: number): Promise<readonly StoredRecord[]> {
  return queries.rows<StoredRecord>(statements.page, [after, limit]);
}
