import { qualifiedAccountColumns, type AccountRow } from './account.ts';
import { admission, admitting, callerValues, type Caller } from './admission.ts';
import type { Database, Statement } from './database.ts';

const statement: Statement = {
  name: 'account-update',
  text: `${admitting},
    changed AS (
      UPDATE accounts SET contact = coalesce($5::text[], contact), status = coalesce($6, accounts.status)
      FROM active WHERE accounts.id = active.id RETURNING ${qualifiedAccountColumns})
    SELECT ${admission}, changed.* FROM (SELECT) AS one LEFT JOIN changed ON true`,
  durable: true,
};

/** Changes contacts or status, whichever is given. */
export async function updateAccount(
  database: Database,
  caller: Caller,
  change: {
    readonly contact: readonly string[] | null;
    readonly status: 'deactivated' | null;
  },
): Promise<AccountRow | undefined> {
  return database.first<AccountRow>(statement, [...callerValues(caller), change.contact, change.status]);
}
