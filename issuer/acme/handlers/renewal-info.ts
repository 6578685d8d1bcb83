import { formatUtc } from '../../../core/profile/dates.ts';
import { equalBytes } from '../../../core/ports/bytes.ts';
import { extensionOf, readCertificate } from '../../../core/x509/certificate.ts';
import { readAuthorityKeyIdentifier } from '../../../core/x509/extensions/key-identifiers.ts';
import { oids } from '../../../core/x509/oids.ts';
import { readRenewal, type RenewalRow } from '../../store/read-renewal.ts';
import { parseCertId, type CertId } from '../cert-id.ts';
import type { Directory } from '../directory.ts';
import { malformed, notFound } from '../problems.ts';
import { renewalRetryAfter, renewalWindow } from '../renewal-window.ts';
import type { AcmeReply } from '../request.ts';
import type { Services } from '../services.ts';

/** A serial number alone proves nothing of its origin: the name holds whose it is, too. */
function isOf({ der }: RenewalRow, { keyIdentifier }: CertId): boolean {
  const extension = extensionOf(readCertificate(der).tbs, oids.authorityKeyIdentifier);
  const ours = extension === undefined ? undefined : readAuthorityKeyIdentifier(extension.value).keyIdentifier;
  return ours !== undefined && equalBytes(ours, keyIdentifier);
}

/** RFC 9773 §4: when a certificate should be renewed. Asked for without a signature. */
export async function renewalInfo(
  certId: string,
  directory: Directory,
  { database }: Pick<Services, 'database'>,
): Promise<AcmeReply> {
  const parsed = parseCertId(certId);
  if (parsed === undefined) throw malformed('This is not the name of a certificate (RFC 9773 section 4.1).');
  const row = await readRenewal(database, directory.name, parsed.serial);
  if (row === undefined || !isOf(row, parsed)) throw notFound();
  const { start, end, explanationUrl } = renewalWindow(row);
  return {
    status: 200,
    headers: { 'retry-after': String(renewalRetryAfter(row)) },
    body: {
      suggestedWindow: { start: formatUtc(start), end: formatUtc(end) },
      ...(explanationUrl === undefined ? {} : { explanationURL: explanationUrl }),
    },
  };
}
