import type { Queries, Statement } from './database.ts';

const statements = {
  list: {
    name: 'accounts-list',
    text: `SELECT id, directory, status, contact, encode(thumbprint, 'hex') AS thumbprint, created_at FROM accounts
      WHERE ($1::text IS NULL OR directory = $1) AND ($2::text IS NULL OR status = $2)
      AND ($3::text IS NULL OR id = $3) AND id > $4 ORDER BY id LIMIT $5`,
    durable: false,
  },
  revoke: {
    name: 'account-revoke',
    text: "UPDATE accounts SET status = 'revoked' WHERE id = $1 AND status = 'valid' RETURNING id",
    durable: true,
  },
  reinstate: {
    name: 'account-reinstate',
    text: "UPDATE accounts SET status = 'valid' WHERE id = $1 AND status = 'revoked' RETURNING id",
    durable: true,
  },
} as const satisfies Record<string, Statement>;

export interface AccountFilter {
  readonly directory?: string | undefined;
  readonly status?: string | undefined;
  readonly id?: string | undefined;
  readonly after?: string | undefined;
}

/** Accounts that fit, in the order they were made, at most `limit`. */
export async function listAccounts(
  queries: Queries,
  { directory, status, id, after }: AccountFilter,
  limit: number,
): Promise<readonly object[]> {
  return queries.rows(statements.list, [directory ?? null, status ?? null, id ?? null, after ?? '', limit]);
}

/** Takes an account's rights (RFC 8555 §7.1.6, "revoked"); false when it had none. */
export async function revokeAccount(queries: Queries, id: string): Promise<boolean> {
  return (await queries.rows(statements.revoke, [id])).length === 1;
}

/** Gives back what an operator took; false when there was nothing of that kind. */
export async function reinstateAccount(queries: Queries, id: string): Promise<boolean> {
  return (await queries.rows(statements.reinstate, [id])).length === 1;
}
