import type { Database, Statement } from './database.ts';
import { certificateJoin, stateColumns, type OrderState } from './order.ts';

const statement: Statement = {
  name: 'order-status',
  text: `SELECT ${stateColumns} FROM orders o ${certificateJoin} WHERE o.id = $1`,
  durable: false,
};

/** What became of an order, for the request that has just worked on it. */
export async function orderStatus(database: Database, id: string): Promise<OrderState | undefined> {
  return database.first<OrderState>(statement, [id]);
}
