import type { RevocationReason } from '../../core/x509/extensions/crl-extensions.ts';
import type { Queries, Statement } from './database.ts';

/** A certificate that was issued and stored, and whether it was revoked since. */
export interface CertificateRecord {
  /** Lower-case hex. */
  readonly serial: string;
  /** Seconds since the epoch. */
  readonly revoked_at: number | null;
  readonly revocation_reason: RevocationReason | null;
}

const statement: Statement = {
  name: 'certificate-statuses',
  text: `SELECT encode(serial, 'hex') AS serial, revoked_at, revocation_reason FROM certificates
    WHERE serial = ANY($2::bytea[]) AND issuer = $1 AND status = 'issued'`,
  durable: false,
};

/** Those of these serial numbers that an issuing CA has issued. What is not among them was never issued. */
export async function certificateStatuses(
  queries: Queries,
  issuer: string,
  serials: readonly Uint8Array[],
): Promise<readonly CertificateRecord[]> {
  return queries.rows<CertificateRecord>(statement, [issuer, serials]);
}
