import { orderSteps } from '../acme/state/order.ts';
import { beginning, ending } from '../acme/state/transition.ts';
import type { Database, Statement } from './database.ts';
import { intentValues, type Intent } from './intent.ts';

const statement: Statement = {
  name: 'certificate-intend-for-order',
  text: `WITH claimed AS (
      UPDATE orders SET status = ${ending(orderSteps.finalize)}
      WHERE id = $9 AND status ${beginning(orderSteps.finalize)} AND expires_at > $8::timestamptz
      RETURNING id, account_id, directory)
    INSERT INTO certificates (serial, issuer, directory, account_id, order_id, status, tbs_sha256, spki_sha256, names,
      not_before, not_after, intended_at)
    SELECT $1, $2, directory, account_id, id, 'intended', $3, $4, $5::text[], $6::timestamptz, $7::timestamptz,
      $8::timestamptz FROM claimed RETURNING serial`,
  durable: true,
};

/** Writes an order's certificate ahead and moves the order to processing; false when the order was not ready. */
export async function intendForOrder(database: Database, intent: Intent, orderId: string): Promise<boolean> {
  return (await database.rows(statement, [...intentValues(intent), orderId])).length === 1;
}
