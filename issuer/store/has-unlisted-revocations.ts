import type { Queries, Statement } from './database.ts';

const statement: Statement = {
  name: 'certificates-unlisted',
  text: `SELECT EXISTS (
      SELECT FROM certificates WHERE issuer = $1 AND revoked_at <= $2::timestamptz AND crl_number IS NULL) AS found`,
  durable: false,
};

/** Whether an issuing CA has revocations that no CRL lists yet. */
export async function hasUnlistedRevocations(queries: Queries, issuer: string, now: string): Promise<boolean> {
  return (await queries.first<{ found: boolean }>(statement, [issuer, now]))?.found === true;
}
