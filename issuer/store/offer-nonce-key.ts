import type { Database, Statement } from './database.ts';
import type { NonceKey } from './nonce-key.ts';

const statement: Statement = {
  name: 'nonce-keys-offer',
  text: 'INSERT INTO nonce_keys (period, id, key) VALUES ($1, $2, $3) ON CONFLICT (period) DO NOTHING',
  durable: false,
};

/** Offers a key for its period: whoever comes first, of all replicas, has made the key of that period. */
export async function offerNonceKey(database: Database, { period, id, key }: NonceKey): Promise<void> {
  await database.rows(statement, [period, id, key]);
}
