import type { ProblemDocument } from '../acme/problems.ts';
import { challengeSteps } from '../acme/state/challenge.ts';
import { beginning } from '../acme/state/transition.ts';
import type { Database, Statement } from './database.ts';

/** The problem in $2; after several attempts with an entry for each that failed (RFC 8555 §8.2). */
export const attemptsSoFar = `CASE WHEN challenges.error IS NULL THEN $2::jsonb ELSE $2::jsonb || jsonb_build_object(
  'subproblems', coalesce(challenges.error -> 'subproblems', jsonb_build_array(challenges.error)) || $2::jsonb) END`;

const statement: Statement = {
  name: 'challenge-retry',
  text: `UPDATE challenges SET attempts = attempts + 1, error = ${attemptsSoFar}, retry_at = $3::timestamptz,
      leased_until = $3::timestamptz
    WHERE id = $1 AND status ${beginning(challengeSteps.retry)} AND attempts + 1 < $4 RETURNING id`,
  durable: true,
};

/** Lets a failed validation be tried again at `at`; false when it has had its attempts. */
export async function retryChallenge(
  database: Database,
  id: string,
  error: ProblemDocument,
  { at, attempts }: { readonly at: string; readonly attempts: number },
): Promise<boolean> {
  return (await database.rows(statement, [id, JSON.stringify(error), at, attempts])).length === 1;
}
