import { createHash, X509Certificate } from 'node:crypto';
import { DerReader } from '../../core/der/reader.ts';
import { equalBytes } from '../../core/ports/bytes.ts';
import { extensionOf, readCertificate, type TbsCertificate } from '../../core/x509/certificate.ts';
import { readSubjectAltName } from '../../core/x509/extensions/subject-alt-name.ts';
import { formatIpAddress } from '../../core/x509/ip-address.ts';
import { oids } from '../../core/x509/oids.ts';
import { AcmeProblem } from '../acme/problems.ts';
import type { ChallengeJob } from '../store/challenge.ts';
import { wrongResponse } from './failures.ts';
import { firstThatAnswers, type Reach } from './permitted-addresses.ts';
import { reverseName } from './reverse-name.ts';
import { presentedCertificate } from './presented-certificate.ts';
import type { Validator } from './validator.ts';

export interface TlsAlpn01Settings extends Reach {
  readonly port: number;
}

/** RFC 8737 §3: one name and no other, in the words of the identifier. */
function namesExactly({ identifier_type, identifier_value }: ChallengeJob, value: Uint8Array): boolean {
  const [name, ...others] = readSubjectAltName(value);
  if (name === undefined || others.length > 0) return false;
  if (identifier_type === 'dns') return name.kind === 'dns' && name.value.toLowerCase() === identifier_value;
  const octets = name.kind === 'ip' ? name.value : new Uint8Array();
  return (octets.length === 4 || octets.length === 16) && formatIpAddress(octets) === identifier_value;
}

/** RFC 8737 §3: `Authorization ::= OCTET STRING (SIZE (32))`. */
function readAcmeIdentifier(value: Uint8Array): Uint8Array {
  const reader = DerReader.over(value);
  const digest = reader.octetString();
  reader.end();
  return digest;
}

function requireProof(tbs: TbsCertificate, job: ChallengeJob, keyAuthorization: string): void {
  const names = extensionOf(tbs, oids.subjectAltName);
  if (names === undefined || !namesExactly(job, names.value)) {
    throw wrongResponse('The certificate presented is not for exactly the one name asked for.');
  }
  const identifier = extensionOf(tbs, oids.acmeIdentifier);
  if (identifier?.critical !== true) {
    throw wrongResponse('The certificate presented has no critical acmeIdentifier extension.');
  }
  const expected = createHash('sha256').update(keyAuthorization).digest();
  if (equalBytes(readAcmeIdentifier(identifier.value), expected)) return;
  throw wrongResponse('The acmeIdentifier in the certificate presented is not the one expected.');
}

/** RFC 8737 §3: the certificate is self-signed. */
function requireSelfSigned(der: Uint8Array): void {
  const certificate = new X509Certificate(der);
  if (certificate.issuer === certificate.subject && certificate.verify(certificate.publicKey)) return;
  throw wrongResponse('The certificate presented is not self-signed.');
}

/** RFC 8737, and RFC 8738 §6 for addresses: a TLS server that speaks acme-tls/1 presents the key authorization's hash. */
export function tlsAlpn01(settings: TlsAlpn01Settings): Validator {
  return async (job, keyAuthorization, signal) => {
    const { identifier_type, identifier_value } = job;
    const servername = identifier_type === 'ip' ? reverseName(identifier_value) : identifier_value;
    const der = await firstThatAnswers(identifier_value, settings, signal, (address) =>
      presentedCertificate({ address, port: settings.port, servername, signal }),
    );
    try {
      requireProof(readCertificate(der).tbs, job, keyAuthorization);
      requireSelfSigned(der);
    } catch (error) {
      // Whatever else goes wrong here, it is a certificate of theirs that neither reader can make sense of.
      if (error instanceof AcmeProblem) throw error;
      throw wrongResponse('The certificate presented cannot be read.');
    }
  };
}
