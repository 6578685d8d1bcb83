import type { Database, Statement } from './database.ts';

const statement: Statement = {
  name: 'external-key-find',
  text: `SELECT secret FROM external_account_keys WHERE directory = $1 AND kid = $2 AND revoked_at IS NULL
    AND (expires_at IS NULL OR expires_at > $3::timestamptz) AND (reusable OR account_id IS NULL)`,
  durable: false,
};

/** The MAC key of an external account that may still be bound; undefined when there is none. */
export async function findExternalKey(
  database: Database,
  directory: string,
  kid: string,
  now: string,
): Promise<Uint8Array | undefined> {
  return (await database.first<{ secret: Uint8Array }>(statement, [directory, kid, now]))?.secret;
}
