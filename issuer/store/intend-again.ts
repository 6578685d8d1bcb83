import { orderSteps } from '../acme/state/order.ts';
import { beginning, ending } from '../acme/state/transition.ts';
import { isBlocked } from './blocked-keys.ts';
import type { Database, Statement } from './database.ts';
import type { Claim } from './intend-for-order.ts';
import { intendedAt, intentValues, type Intent } from './intent.ts';
import { certificateJoin, stateColumns } from './order.ts';

const statement: Statement = {
  name: 'certificate-intend-again',
  text: `WITH claimed AS (
      UPDATE orders SET status = ${ending(orderSteps.finalize)}
      WHERE id = $9 AND status ${beginning(orderSteps.finalize)} AND expires_at > $8::timestamptz
      AND NOT ${isBlocked('$4')}
      RETURNING id, account_id, directory),
    intended AS (
      INSERT INTO certificates (serial, issuer, directory, account_id, order_id, status, tbs_sha256, spki_sha256,
        names, not_before, not_after, intended_at)
      SELECT $1, $2, directory, account_id, id, 'intended', $3, $4, $5::text[], $6::timestamptz, $7::timestamptz,
        ${intendedAt} FROM claimed RETURNING true)
    SELECT EXISTS (SELECT FROM intended) AS claimed, ${isBlocked('$4')} AS blocked, ${stateColumns} FROM (SELECT) AS one
    LEFT JOIN orders o ON o.id = $9 ${certificateJoin}`,
  durable: true,
};

/** Writes another certificate ahead for an order whose first one was given up in this same request, nonce and all. */
export async function intendAgain(database: Database, intent: Intent, orderId: string): Promise<Claim | undefined> {
  return database.first<Claim>(statement, [...intentValues(intent), orderId]);
}
