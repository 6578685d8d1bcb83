import type { ProblemDocument } from '../acme/problems.ts';
import { authorizationSteps } from '../acme/state/authorization.ts';
import { challengeSteps } from '../acme/state/challenge.ts';
import { orderSteps } from '../acme/state/order.ts';
import { beginning, ending } from '../acme/state/transition.ts';
import { attemptsSoFar } from './retry-challenge.ts';
import type { Database, Statement } from './database.ts';

const statement: Statement = {
  name: 'challenge-fail',
  text: `WITH done AS (
      UPDATE challenges SET status = ${ending(challengeSteps.fail)}, error = ${attemptsSoFar}, leased_until = NULL
      WHERE id = $1 AND status ${beginning(challengeSteps.fail)} RETURNING authorization_id),
    refused AS (
      UPDATE authorizations SET status = ${ending(authorizationSteps.refuse)} FROM done
      WHERE id = done.authorization_id AND status ${beginning(authorizationSteps.refuse)} RETURNING id)
    UPDATE orders SET status = ${ending(orderSteps.refuse)}, error = $3::jsonb
    FROM order_authorizations oa, refused
    WHERE orders.id = oa.order_id AND oa.authorization_id = refused.id
    AND orders.status ${beginning(orderSteps.refuse)}`,
  durable: true,
};

/** Makes challenge, authorization and every order that needs it invalid. */
export async function failChallenge(
  database: Database,
  id: string,
  error: ProblemDocument,
  orderError: ProblemDocument,
): Promise<void> {
  await database.rows(statement, [id, JSON.stringify(error), JSON.stringify(orderError)]);
}
