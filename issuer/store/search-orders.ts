import type { Queries, Statement } from './database.ts';

const statement: Statement = {
  name: 'orders-search',
  text: `SELECT id, account_id, directory, status, identifiers, error, created_at, expires_at FROM orders
    WHERE ($1::text IS NULL OR account_id = $1) AND ($2::text IS NULL OR status = $2)
    AND ($3::text IS NULL OR id = $3) AND id > $4 ORDER BY id LIMIT $5`,
  durable: false,
};

export interface OrderFilter {
  readonly account?: string | undefined;
  readonly status?: string | undefined;
  readonly id?: string | undefined;
  readonly after?: string | undefined;
}

/** Orders that fit, in the order they were placed, at most `limit`. */
export async function searchOrders(
  queries: Queries,
  { account, status, id, after }: OrderFilter,
  limit: number,
): Promise<readonly object[]> {
  return queries.rows(statement, [account ?? null, status ?? null, id ?? null, after ?? '', limit]);
}
