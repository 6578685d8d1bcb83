import type { Database, Statement } from './database.ts';

const statement: Statement = {
  name: 'nonce-keys-drop',
  text: 'DELETE FROM nonce_keys WHERE period < $1',
  durable: false,
};

/** Forgets keys from before a period. */
export async function dropNonceKeys(database: Database, before: number): Promise<void> {
  await database.rows(statement, [before]);
}
