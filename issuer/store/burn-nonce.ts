import type { Database, Statement } from './database.ts';

const statement: Statement = {
  name: 'used-nonces-burn',
  text: `WITH redeemed AS (
      INSERT INTO used_nonces (value) SELECT $1 FROM nonce_keys WHERE id = $2 ON CONFLICT DO NOTHING RETURNING true)
    SELECT EXISTS (SELECT FROM redeemed) AS fresh, EXISTS (SELECT FROM nonce_keys WHERE id = $2) AS key_known`,
  durable: false,
};

/** Uses up a nonce for a request that was refused before it reached its own statement. */
export async function burnNonce(
  database: Database,
  value: Uint8Array,
  keyId: Uint8Array,
): Promise<{ readonly fresh: boolean; readonly key_known: boolean }> {
  return (
    (await database.first<{ fresh: boolean; key_known: boolean }>(statement, [value, keyId])) ?? {
      fresh: false,
      key_known: false,
    }
  );
}
