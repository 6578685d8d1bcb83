import type { OpenNonce } from '../acme/nonces.ts';
import type { Value } from './database.ts';

/** Who asks: an account, by the key its signature was checked with, and the nonce the request spends. */
export interface Caller {
  readonly nonce: OpenNonce;
  readonly accountId: string;
  readonly thumbprint: Uint8Array;
}

/** What the database says of a caller, beside whatever else the statement did. */
export interface Admission {
  /** The nonce had not been used. */
  readonly fresh: boolean;
  /** The nonce's key is still there: after a crash of the database it is not. */
  readonly key_known: boolean;
  /** Null when there is no such account, or not with this key any more; then the nonce is not spent. */
  readonly account_status: string | null;
}

/**
 * Opens the one statement of a signed request: finds the account, spends the nonce, and names `active` the account that
 * may go on. Whatever the statement does further it does `FROM active`, so that a replay does nothing at all.
 * Uses $1 to $4; see {@link callerValues}.
 */
export const admitting = `WITH caller AS (SELECT id, status FROM accounts WHERE id = $3 AND thumbprint = $4),
  redeemed AS (
    INSERT INTO used_nonces (value) SELECT $1 FROM nonce_keys, caller WHERE nonce_keys.id = $2
    ON CONFLICT DO NOTHING RETURNING true),
  active AS (SELECT caller.id FROM caller, redeemed WHERE caller.status = 'valid')`;

/** The columns of {@link Admission}; the select list of such a statement begins with them. */
export const admission = `EXISTS (SELECT FROM redeemed) AS fresh,
  EXISTS (SELECT FROM nonce_keys WHERE id = $2) AS key_known, (SELECT status FROM caller) AS account_status`;

/** The first four values of a statement that begins with {@link admitting}. */
export function callerValues({ nonce, accountId, thumbprint }: Caller): readonly Value[] {
  return [nonce.value, nonce.keyId, accountId, thumbprint];
}

/** A row of an outer join: all of it, or nothing but nulls. */
export type Maybe<T> = T | { readonly [Key in keyof T]: null };
