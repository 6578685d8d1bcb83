import type { ChallengeJob } from './challenge.ts';
import type { Database, Statement } from './database.ts';

const statement: Statement = {
  name: 'challenge-take-over',
  text: `WITH taken AS (
      UPDATE challenges SET leased_until = $2::timestamptz, retry_at = NULL WHERE id IN (
        SELECT c.id FROM challenges c JOIN authorizations a ON a.id = c.authorization_id
        WHERE c.status = 'processing' AND c.leased_until < $1::timestamptz AND a.expires_at > $1::timestamptz
        ORDER BY c.leased_until LIMIT $3 FOR UPDATE OF c SKIP LOCKED)
      RETURNING id, type, token, authorization_id)
    SELECT taken.id, taken.authorization_id, taken.type, taken.token, a.identifier_type, a.identifier_value,
      a.wildcard, a.subdomains, accounts.id AS account_id, accounts.directory, accounts.thumbprint
    FROM taken JOIN authorizations a ON a.id = taken.authorization_id JOIN accounts ON accounts.id = a.account_id`,
  durable: true,
};

/** Takes over challenges whose validator has gone: at most `limit`, leased to us until `leasedUntil`. */
export async function takeOverChallenges(
  database: Database,
  times: { readonly now: string; readonly leasedUntil: string },
  limit: number,
): Promise<readonly ChallengeJob[]> {
  return database.rows<ChallengeJob>(statement, [times.now, times.leasedUntil, limit]);
}
