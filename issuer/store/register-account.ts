import type { OpenNonce } from '../acme/nonces.ts';
import { accountByThumbprint } from './account-by-thumbprint.ts';
import { accountColumns, qualifiedAccountColumns, type StoredAccount } from './account.ts';
import type { Admission, Maybe } from './admission.ts';
import { isForeignKeyViolation, type Database, type Statement } from './database.ts';

const statement: Statement = {
  name: 'account-register',
  text: `WITH redeemed AS (
      INSERT INTO used_nonces (value) SELECT $1 FROM nonce_keys WHERE id = $2 ON CONFLICT DO NOTHING RETURNING true),
    making AS (
      SELECT true FROM redeemed WHERE $9::boolean
      AND NOT EXISTS (SELECT FROM accounts WHERE directory = $4 AND thumbprint = $6)),
    bound AS (
      UPDATE external_account_keys SET account_id = $3, bound_at = $8::timestamptz FROM making
      WHERE directory = $4 AND kid = $11 AND revoked_at IS NULL AND (reusable OR account_id IS NULL) RETURNING true),
    created AS (
      INSERT INTO accounts (id, directory, status, jwk, thumbprint, contact, created_at, terms_agreed, external_kid,
        external_binding)
      SELECT $3, $4, 'valid', $5::jsonb, $6, $7::text[], $8::timestamptz, $10, $11, $12::jsonb FROM making
      WHERE $11::text IS NULL OR EXISTS (SELECT FROM bound)
      ON CONFLICT ON CONSTRAINT accounts_one_per_key DO NOTHING RETURNING ${accountColumns}),
    agreed AS (
      UPDATE accounts SET terms_agreed = $10 FROM redeemed
      WHERE directory = $4 AND thumbprint = $6 AND status = 'valid' AND terms_agreed IS DISTINCT FROM $10
      AND $10::text IS NOT NULL RETURNING ${qualifiedAccountColumns}),
    found AS (
      SELECT ${accountColumns}, true AS created FROM created
      UNION ALL SELECT ${accountColumns}, false FROM agreed
      UNION ALL SELECT ${accountColumns}, false FROM accounts
        WHERE directory = $4 AND thumbprint = $6 AND NOT EXISTS (SELECT FROM agreed))
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
  /** URL of the terms that it agrees to; an account that is there already agrees anew. */
  readonly terms: string | null;
  /** The external account it is bound to, whose MAC has been checked. */
  readonly binding: { readonly kid: string; readonly jws: object } | null;
}

/** Spends the nonce and finds the account of a key, making it where there is none and it may. */
export async function registerAccount(
  database: Database,
  registration: Registration,
): Promise<Pick<Admission, 'fresh' | 'key_known'> & { found: (StoredAccount & { created: boolean }) | undefined }> {
  const { nonce, directory, id, jwk, thumbprint, contact, now, create, terms, binding } = registration;
  const external = [binding?.kid ?? null, binding === null ? null : JSON.stringify(binding.jws)];
  const account = [id, directory, JSON.stringify(jwk), thumbprint, contact, now, create, terms, ...external];
  const values = [nonce.value, nonce.keyId, ...account];
  type Row = Pick<Admission, 'fresh' | 'key_known'> & Maybe<StoredAccount & { created: boolean }>;
  const register = (): Promise<Row | undefined> => database.first<Row>(statement, values);
  // Of two that make the account of one key, each bound with a key of its own, one binds an account that it then does not
  // make: all of its statement is undone, the nonce is good again, and the second time the account is found.
  const row = await register().catch((error: unknown) => {
    if (isForeignKeyViolation(error)) return register();
    throw error;
  });
  if (row === undefined) return { fresh: false, key_known: false, found: undefined };
  const { fresh, key_known } = row;
  if (row.id !== null) return { fresh, key_known, found: row };
  // Somebody else made it while we tried: their row was not there when our statement began.
  const other = fresh && create ? await accountByThumbprint(database, directory, thumbprint) : undefined;
  return { fresh, key_known, found: other === undefined ? undefined : { ...other, created: false } };
}
