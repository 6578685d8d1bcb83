import type { Database, Statement } from './database.ts';

const statement: Statement = {
  name: 'account-find',
  text: 'SELECT jwk FROM accounts WHERE id = $1 AND directory = $2',
  durable: false,
};

/** The key of an account, as its JWK. */
export async function findAccountKey(database: Database, directory: string, id: string): Promise<unknown> {
  return (await database.first<{ jwk: unknown }>(statement, [id, directory]))?.jwk;
}
