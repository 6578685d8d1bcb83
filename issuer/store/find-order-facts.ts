import type { Database, Statement } from './database.ts';
import { factColumns, type OrderFacts } from './order.ts';

const statement: Statement = {
  name: 'order-facts',
  text: `SELECT ${factColumns} FROM orders o WHERE o.id = $1`,
  durable: false,
};

/** What never changes of an order, whoever it belongs to: the caller of this function checks that. */
export async function findOrderFacts(database: Database, id: string): Promise<OrderFacts | undefined> {
  return database.first<OrderFacts>(statement, [id]);
}
