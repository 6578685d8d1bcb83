import type { Queries, Statement } from './database.ts';

const statement: Statement = {
  name: 'crl-insert',
  text: `WITH gone AS (DELETE FROM crls WHERE issuer = $1 AND next_update < $4::timestamptz)
    INSERT INTO crls (issuer, number, der, this_update, next_update)
    VALUES ($1, $2, $3, $4::timestamptz, $5::timestamptz)`,
  durable: true,
};

/** Stores a CRL, and forgets CRLs that nobody may use any more. */
export async function insertCrl(
  queries: Queries,
  crl: {
    readonly issuer: string;
    readonly number: number;
    readonly der: Uint8Array;
    readonly thisUpdate: string;
    readonly nextUpdate: string;
  },
): Promise<void> {
  await queries.rows(statement, [crl.issuer, crl.number, crl.der, crl.thisUpdate, crl.nextUpdate]);
}
