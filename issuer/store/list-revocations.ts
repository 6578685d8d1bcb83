import type { RevocationReason } from '../../core/x509/extensions/crl-extensions.ts';
import type { Queries, Statement } from './database.ts';

export interface RevokedCertificate {
  readonly serial: Uint8Array;
  /** Seconds since the epoch. */
  readonly revoked_at: number;
  readonly revocation_reason: RevocationReason;
}

// A revocation that a replica with a fast clock dated in our future waits for the CRL after this one.
const statement: Statement = {
  name: 'certificates-revoked',
  text: `SELECT serial, revoked_at, revocation_reason FROM certificates
    WHERE issuer = $1 AND revoked_at <= $2::timestamptz AND not_after >= $3::timestamptz
    ORDER BY revoked_at, serial LIMIT 250000`,
  durable: false,
};

/** Certificates of an issuing CA that were revoked up to a time, without those that expired before `expiredBefore`. */
export async function listRevocations(
  queries: Queries,
  issuer: string,
  times: { readonly now: string; readonly expiredBefore: string },
): Promise<readonly RevokedCertificate[]> {
  return queries.rows<RevokedCertificate>(statement, [issuer, times.now, times.expiredBefore]);
}
