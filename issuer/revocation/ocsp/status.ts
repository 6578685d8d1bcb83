import { toHex } from '../../../core/ports/hex.ts';
import type { CertId } from '../../../core/x509/ocsp/cert-id.ts';
import type { CertificateStatus } from '../../../core/x509/ocsp/response-data.ts';
import { certificateStatuses, type CertificateRecord } from '../../store/certificate-statuses.ts';
import type { Queries } from '../../store/database.ts';

function statusOf(record: CertificateRecord | undefined): CertificateStatus {
  // "good" is what the record says, never what its absence might mean.
  if (record === undefined) return { kind: 'unknown' };
  const { revoked_at: at, revocation_reason: reason } = record;
  if (at === null) return { kind: 'good' };
  return { kind: 'revoked', at, ...(reason === null ? {} : { reason }) };
}

/** What our record says of each certificate that is asked about, in the order of the questions. */
export async function statusesOf(
  queries: Queries,
  issuer: string,
  questions: readonly CertId[],
): Promise<readonly CertificateStatus[]> {
  const records = await certificateStatuses(
    queries,
    issuer,
    questions.map(({ serial }) => serial),
  );
  const bySerial = new Map(records.map((record) => [record.serial, record]));
  return questions.map(({ serial }) => statusOf(bySerial.get(toHex(serial))));
}

/** A text that is the same for the same status. */
export function statusText(status: CertificateStatus): string {
  return status.kind === 'revoked' ? `revoked ${status.at} ${status.reason ?? ''}` : status.kind;
}
