import type { Database, Statement } from './database.ts';
import type { StoredSecret } from './seal-external-keys.ts';

const statement: Statement = {
  name: 'external-key-find',
  text: `SELECT secret, sealed_with FROM external_account_keys WHERE directory = $1 AND kid = $2 AND revoked_at IS NULL
    AND (expires_at IS NULL OR expires_at > $3::timestamptz) AND (reusable OR account_id IS NULL)`,
  durable: false,
};

/** The MAC key of an external account that may still be bound, as it is stored; undefined when there is none. */
export async function findExternalKey(
  database: Database,
  directory: string,
  kid: string,
  now: string,
): Promise<Pick<StoredSecret, 'secret' | 'sealed_with'> | undefined> {
  return database.first(statement, [directory, kid, now]);
}
