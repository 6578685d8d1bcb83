import { qualifiedAccountColumns, type AccountRow } from './account.ts';
import { admission, admitting, callerValues, type Caller } from './admission.ts';
import type { Database, Statement } from './database.ts';

const statement: Statement = {
  name: 'account-rekey',
  text: `${admitting},
    kept AS (
      INSERT INTO account_former_keys (account_id, thumbprint, replaced_at)
      SELECT accounts.id, accounts.thumbprint, $7::timestamptz FROM accounts JOIN active ON accounts.id = active.id
      ON CONFLICT (account_id, thumbprint) DO UPDATE SET replaced_at = excluded.replaced_at),
    changed AS (
      UPDATE accounts SET jwk = $5::jsonb, thumbprint = $6 FROM active WHERE accounts.id = active.id
      RETURNING ${qualifiedAccountColumns})
    SELECT ${admission}, changed.* FROM (SELECT) AS one LEFT JOIN changed ON true`,
  durable: true,
};

/** Gives the account another key, and remembers what the old one was; a unique violation of `accounts_one_per_key` when another account has it. */
export async function rekeyAccount(
  database: Database,
  caller: Caller,
  jwk: object,
  thumbprint: Uint8Array,
  now: string,
): Promise<AccountRow | undefined> {
  return database.first<AccountRow>(statement, [...callerValues(caller), JSON.stringify(jwk), thumbprint, now]);
}
