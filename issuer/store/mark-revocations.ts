import type { Queries, Statement } from './database.ts';

// A revocation that a replica with a fast clock dated in our future waits for the CRL after this one.
const statement: Statement = {
  name: 'certificates-mark-revoked',
  text: `UPDATE certificates SET crl_number = $2
    WHERE issuer = $1 AND revoked_at <= $3::timestamptz AND crl_number IS NULL`,
  durable: false,
};

/**
 * Marks revocations with the number of the CRL that will be the first to list them. What is marked is what is listed: one that
 * comes while the CRL is being signed is left for the next, however it is dated.
 */
export async function markRevocations(queries: Queries, issuer: string, number: number, now: string): Promise<void> {
  await queries.rows(statement, [issuer, number, now]);
}
