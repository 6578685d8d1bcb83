import { orderSteps } from '../acme/state/order.ts';
import { beginning, ending } from '../acme/state/transition.ts';
import type { Database, Statement } from './database.ts';

const statement: Statement = {
  name: 'certificate-store',
  text: `WITH stored AS (
      UPDATE certificates SET der = $2, status = 'issued', issued_at = $3::timestamptz
      WHERE serial = $1 AND status = 'intended' RETURNING order_id),
    moved AS (
      UPDATE orders SET status = ${ending(orderSteps.issue)} FROM stored
      WHERE id = stored.order_id AND status ${beginning(orderSteps.issue)} RETURNING id)
    SELECT (count(*) = 1 AND count(order_id) = (SELECT count(*) FROM moved)) OR EXISTS (
      SELECT FROM certificates WHERE serial = $1 AND status = 'issued' AND der = $2) AS stored FROM stored`,
  durable: true,
};

/**
 * Stores a signed certificate and moves its order to valid; false when it had been given up meanwhile. The same again is
 * fine: whoever did not hear the answer asks a second time.
 */
export async function storeCertificate(
  database: Database,
  serial: Uint8Array,
  der: Uint8Array,
  now: string,
): Promise<boolean> {
  return (await database.first<{ stored: boolean }>(statement, [serial, der, now]))?.stored === true;
}
