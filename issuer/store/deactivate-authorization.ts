import type { ProblemDocument } from '../acme/problems.ts';
import { authorizationSteps } from '../acme/state/authorization.ts';
import { orderSteps } from '../acme/state/order.ts';
import { beginning, ending } from '../acme/state/transition.ts';
import { admission, admitting, callerValues, type Caller } from './admission.ts';
import { authorizationColumns, type AuthorizationRow } from './authorization.ts';
import type { Database, Statement } from './database.ts';

const statement: Statement = {
  name: 'authorization-deactivate',
  text: `${admitting},
    changed AS (
      UPDATE authorizations SET status = ${ending(authorizationSteps.deactivate)} FROM active
      WHERE authorizations.id = $5 AND account_id = active.id
      AND status ${beginning(authorizationSteps.deactivate)} RETURNING authorizations.id),
    dropped AS (
      UPDATE orders SET status = ${ending(orderSteps.refuse)}, error = $6::jsonb
      FROM order_authorizations oa, changed
      WHERE orders.id = oa.order_id AND oa.authorization_id = changed.id
      AND orders.status ${beginning(orderSteps.refuse)})
    SELECT ${admission}, EXISTS (SELECT FROM changed) AS changed, ${authorizationColumns} FROM (SELECT) AS one
    LEFT JOIN authorizations a ON a.id = $5 AND a.account_id = (SELECT id FROM active)`,
  durable: true,
};

/** Gives an authorization up; orders that need it become invalid with this error. */
export async function deactivateAuthorization(
  database: Database,
  caller: Caller,
  id: string,
  error: ProblemDocument,
): Promise<(AuthorizationRow & { readonly changed: boolean }) | undefined> {
  return database.first(statement, [...callerValues(caller), id, JSON.stringify(error)]);
}
