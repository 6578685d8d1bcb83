import type { Queries, Statement } from './database.ts';

const statement: Statement = {
  name: 'issuer-chains',
  text: 'SELECT name, chains FROM issuers ORDER BY name',
  durable: false,
};

/** Chains of every issuing CA there ever was, by name: what it signed stays to be downloaded. Base64 of DER. */
export async function readChains(
  queries: Queries,
): Promise<readonly { readonly name: string; readonly chains: readonly (readonly string[])[] }[]> {
  return queries.rows(statement);
}
