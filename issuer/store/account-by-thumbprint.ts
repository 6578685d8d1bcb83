import { accountColumns, type StoredAccount } from './account.ts';
import type { Database, Statement } from './database.ts';

const statement: Statement = {
  name: 'account-by-thumbprint',
  text: `SELECT ${accountColumns} FROM accounts WHERE directory = $1 AND thumbprint = $2`,
  durable: false,
};

export async function accountByThumbprint(
  database: Database,
  directory: string,
  thumbprint: Uint8Array,
): Promise<StoredAccount | undefined> {
  return database.first<StoredAccount>(statement, [directory, thumbprint]);
}
