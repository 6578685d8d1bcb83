import type { Queries, Statement } from './database.ts';

export interface StoredCrl {
  readonly number: number;
  readonly der: Uint8Array;
  /** Seconds since the epoch. */
  readonly this_update: number;
  readonly next_update: number;
}

const statement: Statement = {
  name: 'crl-last',
  text: `SELECT number, der, this_update, next_update FROM crls WHERE issuer = $1 ORDER BY number DESC LIMIT 1`,
  durable: false,
};

/** The newest CRL of an issuing CA. */
export async function lastCrl(queries: Queries, issuer: string): Promise<StoredCrl | undefined> {
  return queries.first<StoredCrl>(statement, [issuer]);
}
