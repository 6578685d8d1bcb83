import { authorizationSteps } from '../acme/state/authorization.ts';
import { challengeSteps } from '../acme/state/challenge.ts';
import { orderSteps } from '../acme/state/order.ts';
import { beginning, ending } from '../acme/state/transition.ts';
import type { Database, Statement } from './database.ts';

const statement: Statement = {
  name: 'challenge-succeed',
  text: `WITH done AS (
      UPDATE challenges SET status = ${ending(challengeSteps.succeed)}, validated_at = $2::timestamptz,
        leased_until = NULL, retry_at = NULL, error = NULL
      WHERE id = $1 AND status ${beginning(challengeSteps.succeed)} RETURNING authorization_id),
    validated AS (
      UPDATE authorizations SET status = ${ending(authorizationSteps.validate)},
        expires_at = LEAST(expires_at, $3::timestamptz) FROM done
      WHERE id = done.authorization_id AND status ${beginning(authorizationSteps.validate)} RETURNING id)
    UPDATE orders SET awaiting = awaiting - 1, expires_at = LEAST(expires_at, $3::timestamptz),
      status = CASE WHEN awaiting = 1 THEN ${ending(orderSteps.authorize)} ELSE orders.status END
    FROM order_authorizations oa, validated
    WHERE orders.id = oa.order_id AND oa.authorization_id = validated.id
    AND orders.status ${beginning(orderSteps.authorize)}`,
  durable: true,
};

/**
 * Makes challenge and authorization valid, and orders ready that waited for nothing else. None of them lasts longer than
 * what was proved: `until`, where that has an end.
 */
export async function succeedChallenge(
  database: Database,
  id: string,
  now: string,
  until: string | null = null,
): Promise<void> {
  await database.rows(statement, [id, now, until]);
}
