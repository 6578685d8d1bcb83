import type { Database, Statement } from './database.ts';
import type { NonceKey } from './nonce-key.ts';

const statement: Statement = {
  name: 'nonce-keys-read',
  text: 'SELECT period, id, key FROM nonce_keys WHERE period BETWEEN $1 AND $2',
  durable: false,
};

/** The keys of these periods, both included. */
export async function readNonceKeys(database: Database, from: number, to: number): Promise<readonly NonceKey[]> {
  return database.rows<NonceKey>(statement, [from, to]);
}
