import { X509Certificate } from 'node:crypto';
import { issuerKeyIdentifier } from '../../core/lint/helpers.ts';
import { toBase64Url } from '../../core/ports/base64.ts';
import type { Certificate } from '../../core/x509/certificate.ts';

/** The name of a certificate in renewal information (RFC 9773 §4.1), made from what OpenSSL reads of it. */
export function certIdOf(pem: string, issuing: Certificate): string {
  const { serialNumber } = new X509Certificate(pem);
  const keyId = issuerKeyIdentifier(issuing) ?? new Uint8Array();
  const digits = serialNumber.length % 2 === 1 ? `0${serialNumber}` : serialNumber;
  const serial = Buffer.from(/^[89A-F]/u.test(digits) ? `00${digits}` : digits, 'hex');
  return `${toBase64Url(keyId)}.${toBase64Url(serial)}`;
}
