import type { Queries, Statement } from './database.ts';

/** A key that binds accounts, as people see it: never with its secret. */
export interface ExternalKey {
  readonly kid: string;
  readonly directory: string;
  readonly label: string;
  readonly reusable: boolean;
  readonly created_at: number;
  readonly expires_at: number | null;
  readonly revoked_at: number | null;
  readonly account_id: string | null;
  readonly bound_at: number | null;
}

export interface NewExternalKey {
  readonly kid: string;
  readonly directory: string;
  /** The MAC key, 16 to 64 bytes, or what it became when it was sealed. */
  readonly secret: Uint8Array;
  /** Name of the key that sealed it; null for one in the clear. */
  readonly sealedWith: Uint8Array | null;
  readonly label: string;
  readonly reusable: boolean;
  readonly now: string;
  readonly expires: string | null;
}

const statements = {
  insert: {
    name: 'external-key-insert',
    text: `INSERT INTO external_account_keys (kid, directory, secret, label, reusable, created_at, expires_at,
        sealed_with) VALUES ($1, $2, $3, $4, $5, $6::timestamptz, $7::timestamptz, $8)`,
    durable: true,
  },
  revoke: {
    name: 'external-key-revoke',
    text: `UPDATE external_account_keys SET revoked_at = $3::timestamptz
      WHERE directory = $1 AND kid = $2 AND revoked_at IS NULL RETURNING kid`,
    durable: true,
  },
  list: {
    name: 'external-keys-list',
    text: `SELECT kid, directory, label, reusable, created_at, expires_at, revoked_at, account_id, bound_at
      FROM external_account_keys WHERE directory = $1 AND kid > $2 ORDER BY kid LIMIT $3`,
    durable: false,
  },
} as const satisfies Record<string, Statement>;

/** Stores a key; a unique violation when the directory has one of this name. */
export async function insertExternalKey(queries: Queries, key: NewExternalKey): Promise<void> {
  const { kid, directory, secret, label, reusable, now, expires, sealedWith } = key;
  await queries.rows(statements.insert, [kid, directory, secret, label, reusable, now, expires, sealedWith]);
}

/** Lets a key bind nothing any more; accounts that it has bound stay. False when there is no such key to revoke. */
export async function revokeExternalKey(
  queries: Queries,
  directory: string,
  kid: string,
  now: string,
): Promise<boolean> {
  return (await queries.rows(statements.revoke, [directory, kid, now])).length === 1;
}

/** Keys of a directory by name, after one, at most `limit`. */
export async function listExternalKeys(
  queries: Queries,
  directory: string,
  after: string,
  limit: number,
): Promise<readonly ExternalKey[]> {
  return queries.rows<ExternalKey>(statements.list, [directory, after, limit]);
}
