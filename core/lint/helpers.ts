import { DerReader } from '../der/reader.ts';
import { tags } from '../der/tags.ts';
import { equalBytes } from '../ports/bytes.ts';
import { keyAlgorithms, signatureAlgorithmOf } from '../x509/algorithms.ts';
import type { Certificate, TbsCertificate } from '../x509/certificate.ts';
import { extensionOf } from '../x509/certificate.ts';
import { readBasicConstraints, type BasicConstraints } from '../x509/extensions/basic-constraints.ts';
import { readCertificatePolicies, type CertificatePolicies } from '../x509/extensions/certificate-policies.ts';
import { readExtKeyUsage } from '../x509/extensions/ext-key-usage.ts';
import type { Extension } from '../x509/extensions/extension.ts';
import { readAuthorityKeyIdentifier, readSubjectKeyIdentifier } from '../x509/extensions/key-identifiers.ts';
import { readKeyUsage, type KeyUsage } from '../x509/extensions/key-usage.ts';
import { readNameConstraints, type NameConstraints } from '../x509/extensions/name-constraints.ts';
import { formatName, readName, type NameAttribute } from '../x509/name.ts';
import { oids } from '../x509/oids.ts';
import { readSpki, type PublicKeyInfo } from '../x509/spki.ts';
import { formatUtc } from '../profile/dates.ts';
import type { ProfileType } from '../profile/profile.ts';

export const everyType: readonly ProfileType[] = ['root', 'intermediate', 'bundle-signer', 'ocsp-signer', 'leaf'];
export const caTypes: readonly ProfileType[] = ['root', 'intermediate'];
export const issuedTypes: readonly ProfileType[] = ['intermediate', 'bundle-signer', 'ocsp-signer', 'leaf'];
export const endEntityTypes: readonly ProfileType[] = ['bundle-signer', 'ocsp-signer', 'leaf'];
/** Types that may say where their issuer's certificate, CRL and policies are. */
export const locatedTypes: readonly ProfileType[] = ['intermediate', 'leaf'];

export const day = 86_400;

type Holder = { readonly extensions: readonly Extension[] };

/** What `read` makes of it, or undefined where it refuses: that is the finding of another rule. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** Reads an extension's value where it is there. A value that is not DER is another rule's finding: undefined here. */
export function readIfPresent<T>(holder: Holder, oid: string, read: (value: Uint8Array) => T): T | undefined {
  const extension = extensionOf(holder, oid);
  return extension === undefined ? undefined : attempt(() => read(extension.value));
}

export function subjectKeyIdentifierOf(tbs: TbsCertificate): Uint8Array | undefined {
  return readIfPresent(tbs, oids.subjectKeyIdentifier, readSubjectKeyIdentifier);
}

export function authorityKeyIdentifierOf(holder: Holder): Uint8Array | undefined {
  return readIfPresent(holder, oids.authorityKeyIdentifier, readAuthorityKeyIdentifier)?.keyIdentifier;
}

/** The key identifier an issuer's children must name. */
export function issuerKeyIdentifier(issuer: Certificate): Uint8Array | undefined {
  return subjectKeyIdentifierOf(issuer.tbs);
}

export function basicConstraintsOf(holder: Holder): BasicConstraints | undefined {
  return readIfPresent(holder, oids.basicConstraints, readBasicConstraints);
}

export function keyUsageOf(holder: Holder): readonly KeyUsage[] | undefined {
  return readIfPresent(holder, oids.keyUsage, readKeyUsage);
}

/** Key purposes as dotted OIDs. */
export function extKeyUsageOf(holder: Holder): readonly string[] | undefined {
  return readIfPresent(holder, oids.extKeyUsage, readExtKeyUsage);
}

export function policiesOf(holder: Holder): CertificatePolicies | undefined {
  return readIfPresent(holder, oids.certificatePolicies, readCertificatePolicies);
}

export function nameConstraintsOf(holder: Holder): NameConstraints | undefined {
  return readIfPresent(holder, oids.nameConstraints, readNameConstraints);
}

/** AlgorithmIdentifier of a SubjectPublicKeyInfo, or undefined where it is none. */
export function keyAlgorithmBytes(spki: Uint8Array): Uint8Array | undefined {
  return attempt(() => DerReader.over(spki).enter().element(tags.sequence).raw);
}

/** Whether an AlgorithmIdentifier is, byte for byte, that of a key we allow. */
export function isAllowedKeyAlgorithm(identifier: Uint8Array): boolean {
  return Object.values(keyAlgorithms).some(({ spkiAlgorithm }) => equalBytes(spkiAlgorithm, identifier));
}

/** The key, where it is of a kind and size that is allowed. */
export function publicKeyOf(spki: Uint8Array): PublicKeyInfo | undefined {
  return attempt(() => readSpki(spki));
}

/** RDNs of a Name, or undefined where it cannot be read. */
export function namesOf(name: Uint8Array): readonly (readonly NameAttribute[])[] | undefined {
  return attempt(() => readName(name));
}

/** Every attribute of issuer and subject, as far as they can be read, with the word for which of the two it is. */
export function bothNames(
  tbs: TbsCertificate,
): readonly { readonly whose: 'issuer' | 'subject'; readonly rdns: readonly (readonly NameAttribute[])[] }[] {
  return [
    { whose: 'issuer', rdns: namesOf(tbs.issuer) ?? [] },
    { whose: 'subject', rdns: namesOf(tbs.subject) ?? [] },
  ];
}

/** How `name` differs from the `wanted` one, or undefined where both are the same bytes. */
export function otherName(name: Uint8Array, wanted: Uint8Array): string | undefined {
  if (equalBytes(name, wanted)) return undefined;
  const [text, wantedText] = [attempt(() => formatName(name)), attempt(() => formatName(wanted))];
  if (text === undefined) return 'an unreadable name';
  return text === wantedText ? `the same text in other bytes: ${text}` : text;
}

/** An empty Name: a SEQUENCE with nothing in it. */
export function isEmptyName(name: Uint8Array): boolean {
  return name.length === 2;
}

/** Why a signature with this AlgorithmIdentifier cannot come from this key. An unknown algorithm is another rule's. */
export function signatureMisfit(identifier: Uint8Array, issuerSpki: Uint8Array): string | undefined {
  const name = signatureAlgorithmOf(identifier);
  if (name === undefined) return undefined;
  const key = publicKeyOf(issuerSpki)?.algorithm;
  if (key === undefined) return 'the issuer’s key is of a kind that is not allowed';
  return keyAlgorithms[key].signatures.includes(name) ? undefined : `${name} with a key of type ${key}`;
}

/** The values that occur more than once, each once. */
export function repeated(values: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const value of values) (seen.has(value) ? twice : seen).add(value);
  return [...twice];
}

/** As many as a finding spells out: a CRL may have the same fault a hundred thousand times. */
const maximumListed = 8;

/** A list for a finding, or undefined where there is nothing to find. */
export function listed(findings: readonly string[]): string | undefined {
  if (findings.length === 0) return undefined;
  const rest = findings.length - maximumListed;
  return `${findings.slice(0, maximumListed).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/** A length of time for a finding. */
export function lasting(seconds: number): string {
  return `${Math.floor(seconds / day)} days and ${seconds % day} s`;
}

/** A time for a finding. */
export function at(seconds: number): string {
  return attempt(() => formatUtc(seconds)) ?? `second ${seconds}`;
}
