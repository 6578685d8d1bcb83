import type { Queries, Statement } from './database.ts';

const statement: Statement = {
  name: 'crl-state',
  text: `SELECT c.this_update, EXISTS (
      SELECT FROM certificates WHERE issuer = $1 AND revoked_at <= $2::timestamptz AND crl_number IS NULL) AS unlisted
    FROM (SELECT) AS one
    LEFT JOIN (SELECT this_update FROM crls WHERE issuer = $1 ORDER BY number DESC LIMIT 1) AS c ON true`,
  durable: false,
};

/** When the newest CRL of an issuing CA was made (null: there is none), and whether it lacks a revocation. */
export async function crlState(
  queries: Queries,
  issuer: string,
  now: string,
): Promise<{ readonly this_update: number | null; readonly unlisted: boolean }> {
  return (await queries.first(statement, [issuer, now])) ?? { this_update: null, unlisted: false };
}
