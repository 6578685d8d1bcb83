import type { OpenNonce } from '../acme/nonces.ts';
import { accountByThumbprint } from './account-by-thumbprint.ts';
import type { StoredAccount } from './account.ts';
import type { Admission, Maybe } from './admission.ts';
import type { Database, Statement } from './database.ts';

const statement: Statement = {
  name: 'account-register',
  text: `WITH redeemed AS (
      INSERT INTO used_nonces (value) SELECT $1 FROM nonce_keys WHERE id = $2 ON CONFLICT DO NOTHING RETURNING true),
    created AS (
      INSERT INTO accounts (id, directory, status, jwk, thumbprint, contact, created_at)
      SELECT $3, $4, 'valid', $5::jsonb, $6, $7::text[], $8::timestamptz FROM redeemed WHERE $9::boolean
      AND NOT EXISTS (SELECT FROM accounts WHERE directory = $4 AND thumbprint = $6)
      ON CONFLICT ON CONSTRAINT accounts_one_per_key DO NOTHING RETURNING id, status, contact),
    found AS (
      SELECT id, status, contact, true AS created FROM created
      UNION ALL SELECT id, status, contact, false FROM accounts WHERE directory = $4 AND thumbprint = $6)
    SELECT EXISTS (SELECT FROM redeemed) AS fresh, EXISTS (SELECT FROM nonce_keys WHERE id = $2) AS key_known, found.*
    FROM (SELECT) AS one LEFT JOIN found ON true`,
  durable: true,
};

export interface Registration {
  readonly nonce: OpenNonce;
  readonly directory: string;
  readonly id: string;
  readonly jwk: object;
  readonly thumbprint: Uint8Array;
  readonly contact: readonly string[];
  readonly now: string;
  /** False for onlyReturnExisting. */
  readonly create: boolean;
}

/** Spends the nonce and finds the account of a key, making it where there is none and it may. */
export async function registerAccount(
  database: Database,
  { nonce, directory, id, jwk, thumbprint, contact, now, create }: Registration,
): Promise<Pick<Admission, 'fresh' | 'key_known'> & { found: (StoredAccount & { created: boolean }) | undefined }> {
  const values = [nonce.value, nonce.keyId, id, directory, JSON.stringify(jwk), thumbprint, contact, now, create];
  type Row = Pick<Admission, 'fresh' | 'key_known'> & Maybe<StoredAccount & { created: boolean }>;
  const row = await database.first<Row>(statement, values);
  if (row === undefined) return { fresh: false, key_known: false, found: undefined };
  const { fresh, key_known } = row;
  if (row.id !== null) return { fresh, key_known, found: row };
  // Somebody else made it while we tried: their row was not there when our statement began.
  const other = fresh && create ? await accountByThumbprint(database, directory, thumbprint) : undefined;
  return { fresh, key_known, found: other === undefined ? undefined : { ...other, created: false } };
}
