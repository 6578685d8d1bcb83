import { authorizationSteps } from '../acme/state/authorization.ts';
import { challengeSteps } from '../acme/state/challenge.ts';
import { beginning, ending } from '../acme/state/transition.ts';
import { admission, admitting, callerValues, type Caller } from './admission.ts';
import { challengeColumns, challengeSource, type ChallengeRow } from './challenge.ts';
import type { Database, Statement } from './database.ts';

const statement: Statement = {
  name: 'challenge-begin',
  text: `${admitting},
    begun AS (
      UPDATE challenges SET status = ${ending(challengeSteps.begin)}, leased_until = $7::timestamptz, retry_at = NULL
      FROM authorizations a, active
      WHERE challenges.id = $5 AND a.id = challenges.authorization_id AND a.account_id = active.id
      AND a.status ${beginning(authorizationSteps.validate)} AND a.expires_at > $6::timestamptz
      AND (challenges.status ${beginning(challengeSteps.begin)}
        OR (challenges.status ${beginning(challengeSteps.retry)} AND retry_at IS NOT NULL)) RETURNING challenges.id)
    SELECT ${admission}, ${challengeColumns}, EXISTS (SELECT FROM begun) AS begun FROM ${challengeSource}`,
  durable: true,
};

/**
 * Moves a challenge to processing where it can be, leased to us until `leasedUntil`. One that waits for its next attempt
 * gets it now (RFC 8555 §8.2).
 */
export async function beginChallenge(
  database: Database,
  caller: Caller,
  id: string,
  times: { readonly now: string; readonly leasedUntil: string },
): Promise<ChallengeRow | undefined> {
  return database.first<ChallengeRow>(statement, [...callerValues(caller), id, times.now, times.leasedUntil]);
}
