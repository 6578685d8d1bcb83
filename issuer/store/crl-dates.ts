import type { Queries, Statement } from './database.ts';

/** When the newest CRL of an issuing CA was made and until when it is good: seconds since the epoch. */
export interface CrlDates {
  readonly issuer: string;
  readonly this_update: number;
  readonly next_update: number;
}

const statement: Statement = {
  name: 'crl-dates',
  text: `SELECT issuer, last.this_update, last.next_update FROM unnest($1::text[]) AS issuer,
    LATERAL (SELECT this_update, next_update FROM crls WHERE crls.issuer = issuer.issuer ORDER BY number DESC LIMIT 1) AS last`,
  durable: false,
};

/** The dates of the newest CRL of each of these issuing CAs; one that has none is left out. */
export async function crlDates(queries: Queries, issuers: readonly string[]): Promise<readonly CrlDates[]> {
  return queries.rows<CrlDates>(statement, [issuers]);
}
