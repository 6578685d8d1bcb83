import { admission, admitting, callerValues, type Admission, type Caller } from './admission.ts';
import { blocking } from './blocked-keys.ts';
import type { Database, Statement } from './database.ts';
import type { Revocation } from './revocation.ts';

const statement: Statement = {
  name: 'certificate-revoke-by-account',
  text: `${admitting},
    target AS (
      SELECT serial, issuer, active.id IS NOT DISTINCT FROM account_id AS ordered, active.id = account_id OR NOT EXISTS (
        SELECT FROM unnest(names) AS name WHERE NOT EXISTS (
          SELECT FROM authorizations a, LATERAL (
            SELECT CASE WHEN starts_with(name, '*.') THEN substr(name, 3) ELSE name END AS base) AS of_name
          WHERE a.account_id = active.id AND a.status = 'valid' AND a.expires_at > $7::timestamptz
          AND ((a.identifier_value = base AND a.wildcard = starts_with(name, '*.'))
            -- RFC 9444: control of a domain, proved with all that is below it.
            OR (a.subdomains AND right('.' || base, length(a.identifier_value) + 1) = '.' || a.identifier_value)))
        ) AS allowed
      FROM certificates, active WHERE serial = $5 AND certificates.status = 'issued' AND der = $6),
    revoked AS (
      UPDATE certificates SET revoked_at = $7::timestamptz, revocation_reason = $8 FROM target
      WHERE certificates.serial = target.serial AND target.allowed AND certificates.revoked_at IS NULL
      AND (target.ordered OR $8 <> 'keyCompromise') RETURNING spki_sha256),
    ${blocking('revoked', '$7', '$8')}
    SELECT ${admission}, target.issuer, target.allowed, target.ordered, EXISTS (SELECT FROM revoked) AS revoked
    FROM (SELECT) AS one LEFT JOIN target ON true`,
  durable: true,
};

/** What became of it: `issuer` null when there is no such certificate, `revoked` false when it was revoked before. */
export type RevocationRow = Admission & {
  readonly issuer: string | null;
  readonly allowed: boolean | null;
  /** By the account that asks. */
  readonly ordered: boolean | null;
  readonly revoked: boolean;
};

/**
 * Revokes a certificate for the account that ordered it, or for one that holds valid authorizations for all of its names
 * (RFC 8555 §7.6). Who only controls the names cannot know that the key is compromised, and blocks nobody's key.
 */
export async function revokeByAccount(
  database: Database,
  caller: Caller,
  { serial, der, now, reason }: Revocation,
): Promise<RevocationRow | undefined> {
  return database.first<RevocationRow>(statement, [...callerValues(caller), serial, der, now, reason]);
}
