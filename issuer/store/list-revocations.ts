import { CodedError } from '../../core/ports/coded-error.ts';
import type { RevocationReason } from '../../core/x509/extensions/crl-extensions.ts';
import type { Queries, Statement } from './database.ts';

export interface RevokedCertificate {
  readonly serial: Uint8Array;
  /** Seconds since the epoch. */
  readonly revoked_at: number;
  readonly revocation_reason: RevocationReason;
}

/** Entries of one CRL: some 10 MB, which relying parties fetch again and again. */
const mostEntries = 250_000;

const statement: Statement = {
  name: 'certificates-revoked',
  text: `SELECT serial, revoked_at, revocation_reason FROM certificates
    WHERE issuer = $1 AND revoked_at IS NOT NULL AND crl_number IS NOT NULL AND not_after >= $2::timestamptz
    ORDER BY revoked_at, serial LIMIT $3`,
  durable: false,
};

/**
 * Certificates of an issuing CA that are marked as revoked, without those that expired before `expiredBefore`. More than `most`
 * are refused as `crl-too-long`: a CRL that leaves one out would say that it is good.
 */
export async function listRevocations(
  queries: Queries,
  issuer: string,
  { expiredBefore }: { readonly expiredBefore: string },
  most = mostEntries,
): Promise<readonly RevokedCertificate[]> {
  const found = await queries.rows<RevokedCertificate>(statement, [issuer, expiredBefore, most + 1]);
  if (found.length <= most) return found;
  throw new CodedError({
    code: 'crl-too-long',
    message: `More than ${most} certificates of "${issuer}" are revoked and not expired: they do not go into one CRL.`,
    remedy: 'Give the directories another issuing CA; until some of these expire, no new CRL is made for this one.',
  });
}
