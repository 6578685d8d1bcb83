import { admission, admitting, callerValues, type Admission, type Caller, type Maybe } from './admission.ts';
import type { Database, Statement } from './database.ts';
import { certificateJoin, factColumns, stateColumns, type StoredOrder } from './order.ts';

const statement: Statement = {
  name: 'order-read',
  text: `${admitting}
    SELECT ${admission}, ${factColumns}, ${stateColumns} FROM (SELECT) AS one
    LEFT JOIN orders o ON o.id = $5 AND o.account_id = (SELECT id FROM active) ${certificateJoin}`,
  durable: false,
};

/** An order of the caller's. */
export async function readOrder(
  database: Database,
  caller: Caller,
  id: string,
): Promise<(Admission & Maybe<StoredOrder>) | undefined> {
  return database.first(statement, [...callerValues(caller), id]);
}
