import { orderSteps } from '../acme/state/order.ts';
import { beginning, ending } from '../acme/state/transition.ts';
import { admission, admitting, callerValues, type Admission, type Caller } from './admission.ts';
import { isBlocked } from './blocked-keys.ts';
import type { Database, Statement } from './database.ts';
import { intendedAt, intentValues, type Intent } from './intent.ts';
import { certificateJoin, stateColumns, type OrderState } from './order.ts';

const statement: Statement = {
  name: 'certificate-intend-for-order',
  text: `${admitting},
    claimed AS (
      UPDATE orders SET status = ${ending(orderSteps.finalize)} FROM active
      WHERE orders.id = $13 AND account_id = active.id
      AND orders.status ${beginning(orderSteps.finalize)} AND expires_at > $12::timestamptz AND NOT ${isBlocked('$8')}
      -- An authorization that was reused may have been given up while the order was being placed.
      AND NOT EXISTS (SELECT FROM order_authorizations oa JOIN authorizations a ON a.id = oa.authorization_id
        WHERE oa.order_id = $13 AND a.status <> 'valid')
      RETURNING orders.id, account_id, directory),
    intended AS (
      INSERT INTO certificates (serial, issuer, directory, account_id, order_id, status, tbs_sha256, spki_sha256,
        names, not_before, not_after, intended_at)
      SELECT $5, $6, directory, account_id, id, 'intended', $7, $8, $9::text[], $10::timestamptz, $11::timestamptz,
        ${intendedAt} FROM claimed RETURNING true)
    SELECT ${admission}, EXISTS (SELECT FROM intended) AS claimed, ${isBlocked('$8')} AS blocked, ${stateColumns} FROM (SELECT) AS one
    LEFT JOIN orders o ON o.id = $13 AND o.account_id = (SELECT id FROM active) ${certificateJoin}`,
  durable: true,
};

/** `claimed` when the intent was written, `blocked` when no certificate is made for this key; the rest is the order before that. */
export type Claim = { readonly claimed: boolean; readonly blocked: boolean } & {
  readonly [Key in keyof OrderState]: OrderState[Key] | null;
};

/** Writes the certificate of a ready order of the caller's ahead and moves the order to processing. */
export async function intendForOrder(
  database: Database,
  caller: Caller,
  intent: Intent,
  orderId: string,
): Promise<(Admission & Claim) | undefined> {
  return database.first<Admission & Claim>(statement, [...callerValues(caller), ...intentValues(intent), orderId]);
}
