import type { RevocationReason } from '../../core/x509/extensions/crl-extensions.ts';
import { blocking } from './blocked-keys.ts';
import type { Queries, Statement } from './database.ts';

const statement: Statement = {
  name: 'certificates-revoke-serials',
  text: `WITH revoked AS (
      UPDATE certificates SET revoked_at = $2::timestamptz, revocation_reason = $3
      WHERE serial = ANY($1::bytea[]) AND status = 'issued' AND revoked_at IS NULL
      RETURNING encode(serial, 'hex') AS serial, issuer, spki_sha256),
    ${blocking('revoked', '$2', '$3')}
    SELECT serial, issuer FROM revoked`,
  durable: true,
};

/** Revokes certificates for an operator; those that it revoked, without any that were revoked before. */
export async function revokeSerials(
  queries: Queries,
  serials: readonly Uint8Array[],
  now: string,
  reason: RevocationReason,
): Promise<readonly { readonly serial: string; readonly issuer: string }[]> {
  return queries.rows(statement, [serials, now, reason]);
}
