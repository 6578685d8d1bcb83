import type { Digest } from '../ports/digest.ts';
import type { SignatureAlgorithmName } from '../ports/algorithm-names.ts';
import { chooseSignature, keyAlgorithms } from '../x509/algorithms.ts';
import type { CertificateContents } from '../x509/certificate.ts';
import { basicConstraints } from '../x509/extensions/basic-constraints.ts';
import { certificatePolicies } from '../x509/extensions/certificate-policies.ts';
import { extKeyUsage } from '../x509/extensions/ext-key-usage.ts';
import type { Extension } from '../x509/extensions/extension.ts';
import { authorityKeyIdentifier, subjectKeyIdentifier } from '../x509/extensions/key-identifiers.ts';
import { keyUsage } from '../x509/extensions/key-usage.ts';
import { authorityInfoAccess, cRLDistributionPoints } from '../x509/extensions/locations.ts';
import { nameConstraints } from '../x509/extensions/name-constraints.ts';
import { ocspNoCheck } from '../x509/extensions/ocsp-no-check.ts';
import { subjectAltName } from '../x509/extensions/subject-alt-name.ts';
import type { GeneralName } from '../x509/general-name.ts';
import { parseIpRange } from '../x509/ip-address.ts';
import { encodeName, maximumCommonNameLength, type DistinguishedName } from '../x509/name.ts';
import { keyIdentifier, readSpki } from '../x509/spki.ts';
import type { LeafSubject } from './leaf-subject.ts';
import type { IntermediateProfile, LeafProfile, PlanProfile } from './profile.ts';
import { rehearsalPrefix, withoutUndefined } from './subject-schema.ts';

/** What a certificate needs beyond its profile. */
export interface Issuance {
  /** INTEGER content octets. */
  readonly serial: Uint8Array;
  readonly notBefore: number;
  readonly notAfter: number;
  /** SubjectPublicKeyInfo to certify. */
  readonly spki: Uint8Array;
  /** The issuer's subject (DER), key and key identifier. For a root: absent, it issues itself. */
  readonly issuer?: { readonly subject: Uint8Array; readonly spki: Uint8Array; readonly keyIdentifier: Uint8Array };
  /** Marks the subject as a rehearsal's. */
  readonly rehearsal: boolean;
}

/** Subject DER of a plan profile, marked when it is rehearsed. */
export function profileSubject(profile: PlanProfile, rehearsal: boolean): Uint8Array {
  const CN = `${rehearsal ? rehearsalPrefix : ''}${profile.subject.CN}`;
  return encodeName({ ...withoutUndefined(profile.subject), CN });
}

function locations(profile: {
  crl?: string | undefined;
  aia?: string | undefined;
  ocsp?: string | undefined;
}): Extension[] {
  const caIssuers = profile.aia === undefined ? [] : [profile.aia];
  const ocsp = profile.ocsp === undefined ? [] : [profile.ocsp];
  return [
    ...(profile.crl === undefined ? [] : [cRLDistributionPoints([profile.crl])]),
    ...(caIssuers.length + ocsp.length === 0 ? [] : [authorityInfoAccess({ caIssuers, ocsp })]),
  ];
}

function subtrees(rule: { dns: readonly string[]; ip: readonly string[] } | undefined): GeneralName[] {
  return [
    ...(rule?.dns ?? []).map((value) => ({ kind: 'dns', value }) as const),
    ...(rule?.ip ?? []).map((range) => ({ kind: 'ip', value: parseIpRange(range) }) as const),
  ];
}

function intermediateExtensions(profile: IntermediateProfile): Extension[] {
  const permitted = subtrees(profile.permitted);
  const excluded = subtrees(profile.excluded);
  return [
    extKeyUsage(profile.eku),
    ...(profile.policies.length === 0 ? [] : [certificatePolicies(profile.policies)]),
    ...(permitted.length + excluded.length === 0 ? [] : [nameConstraints({ permitted, excluded })]),
    ...locations(profile),
  ];
}

function caExtensions(profile: PlanProfile): Extension[] {
  switch (profile.type) {
    case 'root':
      return [basicConstraints({ ca: true }), keyUsage(['keyCertSign', 'cRLSign'])];
    case 'intermediate': {
      const constraints = basicConstraints({ ca: true, pathLength: profile.pathLen });
      return [constraints, keyUsage(['keyCertSign', 'cRLSign']), ...intermediateExtensions(profile)];
    }
    case 'bundle-signer':
      return [keyUsage(['digitalSignature']), extKeyUsage(['bundleSigning'], true)];
    case 'ocsp-signer':
      return [keyUsage(['digitalSignature']), extKeyUsage(['ocspSigning']), ocspNoCheck];
  }
}

function signatureFor(issuance: Issuance, wanted: SignatureAlgorithmName | undefined): SignatureAlgorithmName {
  return chooseSignature(readSpki(issuance.issuer?.spki ?? issuance.spki).algorithm, wanted);
}

/** The TBSCertificate contents a plan profile means for this key on this day. */
export function applyPlanProfile(profile: PlanProfile, issuance: Issuance, digest: Digest): CertificateContents {
  const subject = profileSubject(profile, issuance.rehearsal);
  const subjectIdentifier = keyIdentifier(issuance.spki, digest);
  return {
    serial: issuance.serial,
    signatureAlgorithm: signatureFor(issuance, profile.signature),
    issuer: issuance.issuer?.subject ?? subject,
    notBefore: issuance.notBefore,
    notAfter: issuance.notAfter,
    subject,
    spki: issuance.spki,
    extensions: [
      authorityKeyIdentifier(issuance.issuer?.keyIdentifier ?? subjectIdentifier),
      subjectKeyIdentifier(subjectIdentifier),
      ...caExtensions(profile),
    ],
  };
}

function commonNameOf(profile: LeafProfile, names: readonly GeneralName[]): string | undefined {
  if (profile.commonName === 'none') return undefined;
  for (const name of names) if (name.kind === 'dns' && name.value.length <= maximumCommonNameLength) return name.value;
  return undefined;
}

/** The subject of a leaf: what its profile fixes, what it lets a CSR fill in, and the common name. Often nothing at all. */
function leafSubject({ subject }: LeafProfile, asked: LeafSubject, CN: string | undefined): DistinguishedName {
  const filled = Object.fromEntries(subject.fromRequest.map((key) => [key, asked[key]]));
  return withoutUndefined({ ...filled, ...subject.fixed, CN });
}

/** The TBSCertificate contents a leaf profile means for these names, and for what the CSR says of its subject. */
export function applyLeafProfile(
  profile: LeafProfile,
  issuance: Issuance & Required<Pick<Issuance, 'issuer'>>,
  names: readonly GeneralName[],
  asked: LeafSubject = {},
): CertificateContents {
  const subject = leafSubject(profile, asked, commonNameOf(profile, names));
  const rsa = keyAlgorithms[readSpki(issuance.spki).algorithm].kind === 'rsa';
  return {
    serial: issuance.serial,
    signatureAlgorithm: signatureFor(issuance, profile.signature),
    issuer: issuance.issuer.subject,
    notBefore: issuance.notBefore,
    notAfter: issuance.notAfter,
    subject: encodeName(subject),
    spki: issuance.spki,
    extensions: [
      authorityKeyIdentifier(issuance.issuer.keyIdentifier),
      keyUsage(rsa ? ['digitalSignature', 'keyEncipherment'] : ['digitalSignature']),
      extKeyUsage(profile.eku),
      subjectAltName(names, Object.keys(subject).length === 0),
      ...(profile.policies.length === 0 ? [] : [certificatePolicies(profile.policies)]),
      ...locations(profile),
    ],
  };
}
