import { admission, admitting, callerValues, type Admission, type Caller } from './admission.ts';
import type { Database, Statement } from './database.ts';
import type { StoredOrder } from './order.ts';

const statement: Statement = {
  name: 'order-read',
  text: `${admitting}
    SELECT ${admission}, o.id, o.status, o.identifiers, o.not_before, o.not_after, o.error, o.expires_at,
      ARRAY(SELECT authorization_id FROM order_authorizations WHERE order_id = o.id ORDER BY position) AS authorizations,
      c.serial, c.spki_sha256
    FROM (SELECT) AS one
    LEFT JOIN orders o ON o.id = $5 AND o.account_id = (SELECT id FROM active)
    LEFT JOIN certificates c ON c.order_id = o.id AND c.status = 'issued'`,
  durable: false,
};

/** An order of the caller's. */
export async function readOrder(
  database: Database,
  caller: Caller,
  id: string,
): Promise<(Admission & { id: string | null } & Omit<StoredOrder, 'id'>) | undefined> {
  return database.first(statement, [...callerValues(caller), id]);
}
