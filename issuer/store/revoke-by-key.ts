import type { OpenNonce } from '../acme/nonces.ts';
import type { Admission } from './admission.ts';
import { blocking } from './blocked-keys.ts';
import type { Database, Statement } from './database.ts';
import type { Revocation } from './revocation.ts';

const statement: Statement = {
  name: 'certificate-revoke-by-key',
  text: `WITH redeemed AS (
      INSERT INTO used_nonces (value) SELECT $1 FROM nonce_keys WHERE id = $2 ON CONFLICT DO NOTHING RETURNING true),
    target AS (SELECT serial, issuer, spki_sha256 FROM certificates, redeemed WHERE serial = $3 AND status = 'issued' AND der = $4),
    revoked AS (
      UPDATE certificates SET revoked_at = $5::timestamptz, revocation_reason = $6 FROM target
      WHERE certificates.serial = target.serial AND certificates.revoked_at IS NULL RETURNING true),
    ${blocking('target', '$5', '$6')}
    SELECT EXISTS (SELECT FROM redeemed) AS fresh, EXISTS (SELECT FROM nonce_keys WHERE id = $2) AS key_known,
      target.issuer, EXISTS (SELECT FROM revoked) AS revoked
    FROM (SELECT) AS one LEFT JOIN target ON true`,
  durable: true,
};

/**
 * Revokes a certificate for whoever signed with its key, which the caller of this function has checked. That the key is
 * compromised is believed also of a certificate that was revoked before.
 */
export async function revokeByKey(
  database: Database,
  nonce: OpenNonce,
  { serial, der, now, reason }: Revocation,
): Promise<
  (Pick<Admission, 'fresh' | 'key_known'> & { readonly issuer: string | null; readonly revoked: boolean }) | undefined
> {
  return database.first(statement, [nonce.value, nonce.keyId, serial, der, now, reason]);
}
