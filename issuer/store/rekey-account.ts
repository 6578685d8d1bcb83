import { qualifiedAccountColumns, type AccountRow } from './account.ts';
import { admission, admitting, callerValues, type Caller } from './admission.ts';
import type { Database, Statement } from './database.ts';

const statement: Statement = {
  name: 'account-rekey',
  text: `${admitting},
    changed AS (
      UPDATE accounts SET jwk = $5::jsonb, thumbprint = $6 FROM active WHERE accounts.id = active.id
      RETURNING ${qualifiedAccountColumns})
    SELECT ${admission}, changed.* FROM (SELECT) AS one LEFT JOIN changed ON true`,
  durable: true,
};

/** Gives the account another key; a unique violation of `accounts_one_per_key` when another account has it. */
export async function rekeyAccount(
  database: Database,
  caller: Caller,
  jwk: object,
  thumbprint: Uint8Array,
): Promise<AccountRow | undefined> {
  return database.first<AccountRow>(statement, [...callerValues(caller), JSON.stringify(jwk), thumbprint]);
}
