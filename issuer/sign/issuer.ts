import type { Bundle, BundleIssuer } from '../../core/bundle/bundle.ts';
import type { IssuerEntry } from '../../core/bundle/manifest.ts';
import { issuerKeyIdentifier } from '../../core/lint/helpers.ts';
import type { Signer } from '../../core/lint/sign.ts';
import { CodedError } from '../../core/ports/coded-error.ts';
import { subjectPolicyOf, type SubjectPolicy } from '../../core/profile/subject-policy.ts';
import type { Certificate } from '../../core/x509/certificate.ts';
import { constraintsOf, type Constraints } from '../acme/identifiers/name-policy.ts';

/** An issuing CA that a bundle brought and whose key we hold: all that is needed to sign below it. */
export interface Issuer {
  /** The name of its key in the plan. */
  readonly name: string;
  readonly certificate: Certificate;
  /** What a certificate or CRL says of its issuer. */
  readonly facts: { readonly subject: Uint8Array; readonly spki: Uint8Array; readonly keyIdentifier: Uint8Array };
  /** Issuer first, root left out; the first chain is the default. */
  readonly chains: readonly (readonly Certificate[])[];
  /** Signed in the bundle: configuration can narrow it, never widen it. */
  readonly policy: IssuerEntry['policy'];
  /** What subjects may say beside names: from the policy, or where that is silent from the CA's own subject. */
  readonly subjects: SubjectPolicy;
  readonly constraints: Constraints;
  readonly sign: Signer;
}

/** An issuing CA of a verified bundle together with the signer of its key. */
export function makeIssuer({ entry, certificate, chains }: BundleIssuer, sign: Signer): Issuer {
  const keyIdentifier = issuerKeyIdentifier(certificate);
  if (keyIdentifier === undefined) {
    throw new CodedError({
      code: 'issuer-key-identifier',
      message: `The certificate of ${entry.name} has no subject key identifier.`,
      remedy: 'It cannot come from a ceremony: report it.',
    });
  }
  const { subject, spki } = certificate.tbs;
  return {
    name: entry.name,
    certificate,
    facts: { subject, spki, keyIdentifier },
    chains,
    policy: entry.policy,
    subjects: subjectPolicyOf(entry.policy.subject, subject),
    constraints: constraintsOf(certificate),
    sign,
  };
}

/** The issuing CA of this name in a bundle; `issuer-unknown` when there is none. */
export function bundleIssuer(bundle: Bundle, name: string): BundleIssuer {
  const found = bundle.issuers.find(({ entry }) => entry.name === name);
  if (found !== undefined) return found;
  throw new CodedError({
    code: 'issuer-unknown',
    message: `The bundle (epoch ${bundle.manifest.epoch}) has no issuing CA "${name}".`,
    remedy: `Name one of those it has: ${bundle.issuers.map(({ entry }) => entry.name).join(', ') || '(none)'}.`,
  });
}
