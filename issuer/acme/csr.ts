import { readSubjectAltName } from '../../core/x509/extensions/subject-alt-name.ts';
import { fromBase64Url, withoutPadding } from '../../core/ports/base64.ts';
import { equalBytes } from '../../core/ports/bytes.ts';
import { isCoded } from '../../core/ports/coded-error.ts';
import type { LeafSubject, LeafSubjectRules } from '../../core/profile/leaf-subject.ts';
import type { SubjectPolicy } from '../../core/profile/subject-policy.ts';
import type { KeyAlgorithmName } from '../../core/ports/algorithm-names.ts';
import type { Verifier } from '../../core/ports/verifier.ts';
import { maximumCsrBytes, readCsr, type Csr } from '../../core/x509/csr.ts';
import { formatGeneralName } from '../../core/x509/general-name.ts';
import { formatIpAddress, parseIpAddress } from '../../core/x509/ip-address.ts';
import { readName, type NameAttribute } from '../../core/x509/name.ts';
import { oids } from '../../core/x509/oids.ts';
import { readSpki } from '../../core/x509/spki.ts';
import { requestedSubject } from './csr-subject.ts';
import { parseDnsIdentifier } from './identifiers/dns-identifier.ts';
import { identifierKey, type Identifier } from './identifiers/identifier.ts';
import { AcmeProblem } from './problems.ts';

function badCsr(message: string, remedy = 'Make a CSR for exactly the identifiers of the order.'): AcmeProblem {
  return new AcmeProblem('badCSR', message, remedy);
}

/** Some clients pad, and some use the other alphabet: nothing is signed over this text, so that both may pass. */
function decode(text: string): Uint8Array {
  return fromBase64Url(withoutPadding(text).replaceAll('+', '-').replaceAll('/', '_'));
}

function dnsName(value: string): string {
  const parsed = parseDnsIdentifier(value);
  if ('fault' in parsed) throw badCsr(`The CSR holds the name "${value}", but ${parsed.fault}.`);
  return identifierKey(parsed.identifier);
}

/** Clients write addresses as common names and even as dNSNames: where it is an address, it means that address. */
function nameOrAddress(value: string): string {
  const octets = parseIpAddress(value);
  return octets === undefined ? dnsName(value) : identifierKey({ type: 'ip', value: formatIpAddress(octets) });
}

function subjectNames(attributes: readonly NameAttribute[]): readonly string[] {
  if (attributes.some(({ oid }) => oid === oids.emailAddress)) {
    throw badCsr('The subject of the CSR holds an e-mail address.', 'Leave it out.');
  }
  const common = attributes.filter(({ oid, value }) => oid === oids.commonName && value !== '');
  if (common.length > 1) throw badCsr('The subject of the CSR holds several common names.', 'Leave all but one out.');
  return common.map(({ value }) => nameOrAddress(value));
}

function alternativeNames(csr: Csr): readonly string[] {
  const extension = csr.extensions.find(({ oid }) => oid === oids.subjectAltName);
  if (extension === undefined) return [];
  return readSubjectAltName(extension.value).map((name) => {
    if (name.kind === 'dns') return nameOrAddress(name.value);
    if (name.kind === 'ip' && (name.value.length === 4 || name.value.length === 16)) {
      return identifierKey({ type: 'ip', value: formatIpAddress(name.value) });
    }
    throw badCsr(`The CSR asks for ${formatGeneralName(name)}, which no order can hold.`);
  });
}

function checkNames(csr: Csr, identifiers: readonly Identifier[]): void {
  const asked = new Set([...subjectNames(readName(csr.subject).flat()), ...alternativeNames(csr)]);
  const ordered = new Set(identifiers.map(identifierKey));
  const extra = [...asked].find((name) => !ordered.has(name));
  if (extra !== undefined) throw badCsr(`The CSR asks for ${extra}, which is not in the order.`);
  const missing = [...ordered].find((name) => !asked.has(name));
  if (missing !== undefined) throw badCsr(`The CSR does not ask for ${missing}, which is in the order.`);
}

/** What a CSR is held against. */
export interface CsrExpectations {
  readonly identifiers: readonly Identifier[];
  /** Keys that the signed policy of the issuing CA allows. */
  readonly keys: readonly KeyAlgorithmName[];
  /** SubjectPublicKeyInfo of the account's key: a certificate for it is refused (RFC 8555 §11.1). */
  readonly accountSpki: Uint8Array;
  /** What its subject may say beside the common name. */
  readonly subject: LeafSubjectRules;
  /** What the signed policy allows there. */
  readonly subjects: SubjectPolicy;
  readonly verify: Verifier;
}

/** A CSR that is good for its order. */
export interface OrderCsr {
  /** SubjectPublicKeyInfo to certify. */
  readonly spki: Uint8Array;
  readonly subject: LeafSubject;
}

function check(text: string, expect: CsrExpectations): OrderCsr {
  const der = decode(text);
  if (der.length > maximumCsrBytes) throw badCsr('The CSR is too long.');
  const csr = readCsr(der, expect.verify);
  const { algorithm } = readSpki(csr.spki);
  if (!expect.keys.includes(algorithm)) {
    throw badCsr(`The CSR holds a key of type ${algorithm}.`, `Use one of ${expect.keys.join(', ')}.`);
  }
  if (equalBytes(csr.spki, expect.accountSpki)) {
    throw badCsr('The CSR asks for a certificate for the account key.', 'Make a key for the certificate alone.');
  }
  checkNames(csr, expect.identifiers);
  return { spki: csr.spki, subject: requestedSubject(readName(csr.subject).flat(), expect.subject, expect.subjects) };
}

/**
 * Reads the CSR of a finalize request (RFC 8555 §7.4): proof of possession, an allowed key, and as a set over alternative
 * names and common name exactly the order's identifiers; in the subject nothing that the profile does not let it say.
 * Attributes of the CSR itself are ignored. `badCSR` otherwise.
 */
export function readOrderCsr(text: string, expect: CsrExpectations): OrderCsr {
  try {
    return check(text, expect);
  } catch (error) {
    if (error instanceof AcmeProblem || !isCoded(error)) throw error;
    throw badCsr(error.message, error.remedy);
  }
}
