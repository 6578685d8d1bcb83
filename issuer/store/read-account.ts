import { qualifiedAccountColumns, type AccountRow } from './account.ts';
import { admission, admitting, callerValues, type Caller } from './admission.ts';
import type { Database, Statement } from './database.ts';

const statement: Statement = {
  name: 'account-read',
  text: `${admitting}
    SELECT ${admission}, ${qualifiedAccountColumns}
    FROM (SELECT) AS one LEFT JOIN accounts ON accounts.id = (SELECT id FROM active)`,
  durable: false,
};

export async function readAccount(database: Database, caller: Caller): Promise<AccountRow | undefined> {
  return database.first<AccountRow>(statement, callerValues(caller));
}
