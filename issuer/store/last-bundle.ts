import type { Queries, Statement } from './database.ts';

export interface StoredBundle {
  readonly epoch: number;
  readonly hierarchy: string;
  readonly rehearsal: boolean;
  readonly sums: string;
  readonly bytes: Uint8Array;
  /** CRL numbers by issuer, decimal. */
  readonly crl_numbers: Readonly<Record<string, string>>;
}

const statement: Statement = {
  name: 'bundle-last',
  text: `SELECT epoch, hierarchy, rehearsal, sums, bytes, crl_numbers FROM bundles ORDER BY epoch DESC LIMIT 1`,
  durable: false,
};

/** The bundle with the highest epoch that was ever loaded. */
export async function lastBundle(queries: Queries): Promise<StoredBundle | undefined> {
  return queries.first<StoredBundle>(statement);
}
