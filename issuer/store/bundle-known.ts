import type { Queries, Statement } from './database.ts';

const statement: Statement = {
  name: 'bundle-known',
  text: 'SELECT EXISTS (SELECT FROM bundles WHERE sha256(bytes) = $1) AS known',
  durable: false,
};

/** Whether a bundle with this SHA-256 of its bytes was loaded before, as the last or before others. */
export async function bundleKnown(queries: Queries, sha256: Uint8Array): Promise<boolean> {
  return (await queries.first<{ known: boolean }>(statement, [sha256]))?.known === true;
}
