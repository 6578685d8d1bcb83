import type { Database, Statement } from './database.ts';
import type { StoredOrder } from './order.ts';

const statement: Statement = {
  name: 'order-status',
  text: `SELECT o.status, o.error, c.serial, c.spki_sha256 FROM orders o
    LEFT JOIN certificates c ON c.order_id = o.id AND c.status = 'issued' WHERE o.id = $1`,
  durable: false,
};

/** What became of an order, for the request that has just worked on it. */
export async function orderStatus(
  database: Database,
  id: string,
): Promise<Pick<StoredOrder, 'status' | 'error' | 'serial' | 'spki_sha256'> | undefined> {
  return database.first(statement, [id]);
}
