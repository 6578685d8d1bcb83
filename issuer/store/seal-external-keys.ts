import type { Queries, Statement } from './database.ts';

/** A MAC key as it is stored. */
export interface StoredSecret {
  readonly directory: string;
  readonly kid: string;
  readonly secret: Uint8Array;
  readonly sealed_with: Uint8Array | null;
}

const statements = {
  counts: {
    name: 'external-key-seals',
    text: 'SELECT sealed_with, count(*)::integer AS keys FROM external_account_keys GROUP BY sealed_with',
    durable: false,
  },
  others: {
    name: 'external-keys-otherwise-sealed',
    text: `SELECT directory, kid, secret, sealed_with FROM external_account_keys
      WHERE sealed_with IS DISTINCT FROM $1 ORDER BY directory, kid LIMIT $2 FOR UPDATE`,
    durable: false,
  },
  replace: {
    name: 'external-key-seal',
    text: 'UPDATE external_account_keys SET secret = $3, sealed_with = $4 WHERE directory = $1 AND kid = $2',
    durable: true,
  },
} as const satisfies Record<string, Statement>;

/** How many MAC keys are sealed with which key; null for those in the clear. */
export async function countSeals(
  queries: Queries,
): Promise<readonly { readonly sealed_with: Uint8Array | null; readonly keys: number }[]> {
  return queries.rows(statements.counts);
}

/** MAC keys that are not sealed with this key, locked to the end of the transaction, at most `limit`. */
export async function takeOtherwiseSealed(
  queries: Queries,
  sealedWith: Uint8Array,
  limit: number,
): Promise<readonly StoredSecret[]> {
  return queries.rows<StoredSecret>(statements.others, [sealedWith, limit]);
}

/** Puts a MAC key back, sealed. */
export async function replaceSecret(queries: Queries, stored: StoredSecret): Promise<void> {
  const { directory, kid, secret, sealed_with } = stored;
  await queries.rows(statements.replace, [directory, kid, secret, sealed_with]);
}
