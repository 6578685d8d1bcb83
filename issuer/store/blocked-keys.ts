import type { Queries, Statement } from './database.ts';

/** SQL that is true of a key (the parameter with the SHA-256 of its SubjectPublicKeyInfo) that no certificate is made for. */
export function isBlocked(spkiSha256: string): string {
  return `EXISTS (SELECT FROM blocked_keys WHERE blocked_keys.spki_sha256 = ${spkiSha256})`;
}

/**
 * SQL that blocks the keys of certificates, the rows of `from`, where the reason of their revocation is that somebody else has
 * them; the other two are the parameters with the time and the reason.
 */
export function blocking(from: string, now: string, reason: string): string {
  return `blocked AS (
      INSERT INTO blocked_keys (spki_sha256, blocked_at, reason)
      SELECT DISTINCT spki_sha256, ${now}::timestamptz, 'revoked: keyCompromise' FROM ${from}
      WHERE ${reason} = 'keyCompromise' ON CONFLICT DO NOTHING)`;
}

export interface BlockedKey {
  /** Lower-case hex. */
  readonly spki: string;
  readonly blocked_at: number;
  readonly reason: string;
}

const statements = {
  insert: {
    name: 'blocked-key-insert',
    text: `INSERT INTO blocked_keys (spki_sha256, blocked_at, reason) VALUES ($1, $2::timestamptz, $3)
      ON CONFLICT DO NOTHING RETURNING true`,
    durable: true,
  },
  delete: {
    name: 'blocked-key-delete',
    text: 'DELETE FROM blocked_keys WHERE spki_sha256 = $1 RETURNING true',
    durable: true,
  },
  list: {
    name: 'blocked-keys-list',
    text: `SELECT encode(spki_sha256, 'hex') AS spki, blocked_at, reason FROM blocked_keys
      WHERE spki_sha256 > $1 ORDER BY spki_sha256 LIMIT $2`,
    durable: false,
  },
} as const satisfies Record<string, Statement>;

/** Lets no certificate be made for a key; false where that was so already. */
export async function blockKey(queries: Queries, spki: Uint8Array, now: string, reason: string): Promise<boolean> {
  return (await queries.rows(statements.insert, [spki, now, reason])).length === 1;
}

/** Lets certificates be made for a key again; false when it was not blocked. */
export async function unblockKey(queries: Queries, spki: Uint8Array): Promise<boolean> {
  return (await queries.rows(statements.delete, [spki])).length === 1;
}

/** Blocked keys by name, after one, at most `limit`. */
export async function listBlockedKeys(
  queries: Queries,
  after: Uint8Array,
  limit: number,
): Promise<readonly BlockedKey[]> {
  return queries.rows<BlockedKey>(statements.list, [after, limit]);
}
