import type { Database, Statement } from './database.ts';

const statement: Statement = {
  name: 'account-keys',
  text: `SELECT a.status = 'valid' AS active, ARRAY(
      SELECT encode(thumbprint, 'hex') FROM (
        SELECT a.thumbprint, 'infinity'::timestamptz AS until
        UNION SELECT thumbprint, replaced_at FROM account_former_keys WHERE account_id = a.id) AS k
      ORDER BY until DESC) AS thumbprints
    FROM accounts a WHERE a.id = $1`,
  durable: false,
};

/** An account as it is now. */
export interface KeysOfAccount {
  readonly active: boolean;
  /** Of its key and of those it had before, newest first: hex. */
  readonly thumbprints: readonly string[];
}

/** What an account can be known by; undefined when there is none. */
export async function keysOfAccount(database: Database, id: string): Promise<KeysOfAccount | undefined> {
  return database.first<KeysOfAccount>(statement, [id]);
}
