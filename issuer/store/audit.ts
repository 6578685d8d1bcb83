import type { JournalRecord } from '../../core/ports/journal.ts';
import type { JsonObject } from '../../core/ports/json.ts';
import type { Queries, Statement } from './database.ts';

type Row = Omit<JournalRecord, 'body'> & { readonly body: string };

const statements = {
  // Any number that nothing else locks: of two who append, one waits for the other's row.
  lock: { name: 'audit-lock', text: 'SELECT pg_advisory_xact_lock(7204118563190242)', durable: false },
  last: {
    name: 'audit-last',
    text: 'SELECT sequence, at, kind, body, previous, hash FROM audit ORDER BY sequence DESC LIMIT 1',
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

function recordOf({ body, ...rest }: Row): JournalRecord {
  return { ...rest, body: JSON.parse(body) as JsonObject };
}

/** The last record, which stays the last to the end of the transaction. */
export async function lockAudit(queries: Queries): Promise<JournalRecord | undefined> {
  await queries.rows(statements.lock);
  const last = await queries.first<Row>(statements.last);
  return last === undefined ? undefined : recordOf(last);
}

/** Stores a record; `body` in the canonical form that was hashed. */
export async function insertAudit(queries: Queries, record: JournalRecord, body: string): Promise<void> {
  const { sequence, at, kind, previous, hash } = record;
  await queries.rows(statements.insert, [sequence, at, kind, body, previous, hash]);
}

/** Records after one, in order, at most `limit`. */
export async function readAudit(queries: Queries, after: number, limit: number): Promise<readonly JournalRecord[]> {
  return (await queries.rows<Row>(statements.page, [after, limit])).map(recordOf);
}
