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
  text: `SELECT number, this_update, next_update, CASE WHEN number IS DISTINCT FROM $2::bigint THEN der END AS der
    FROM crls WHERE issuer = $1 ORDER BY number DESC LIMIT 1`,
  durable: false,
};

/**
 * The newest CRL of an issuing CA. Where that is the one at hand it is not sent again: it may be as long as ten megabytes, and
 * anybody may ask for it.
 */
export async function lastCrl(queries: Queries, issuer: string, atHand?: StoredCrl): Promise<StoredCrl | undefined> {
  type Row = Omit<StoredCrl, 'der'> & { readonly der: Uint8Array | null };
  const row = await queries.first<Row>(statement, [issuer, atHand?.number ?? null]);
  return row === undefined || row.der !== null ? (row as StoredCrl | undefined) : atHand;
}
