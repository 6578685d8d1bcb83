import { admission, admitting, callerValues, type Admission, type Caller } from './admission.ts';
import type { Database, Statement } from './database.ts';

const statement: Statement = {
  name: 'orders-list',
  text: `${admitting}
    SELECT ${admission}, ARRAY(
      SELECT o.id FROM orders o WHERE o.account_id = (SELECT id FROM active) AND o.id > $5 AND o.status <> 'invalid'
      AND NOT (o.status IN ('pending', 'ready') AND o.expires_at <= $6::timestamptz)
      ORDER BY o.id LIMIT $7) AS orders`,
  durable: false,
};

/** Names of the caller's orders that are not invalid, after one, at most `limit`. */
export async function listOrders(
  database: Database,
  caller: Caller,
  page: { readonly after: string; readonly now: string; readonly limit: number },
): Promise<(Admission & { readonly orders: readonly string[] }) | undefined> {
  return database.first(statement, [...callerValues(caller), page.after, page.now, page.limit]);
}
