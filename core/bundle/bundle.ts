import type { Digest } from '../ports/digest.ts';
import type { Verifier } from '../ports/verifier.ts';
import type { Certificate } from '../x509/certificate.ts';
import type { CertificateList } from '../x509/crl.ts';
import type { ApprovalTerms } from './approvals.ts';
import type { IssuerEntry, Manifest } from './manifest.ts';
import type { BundleRefusal } from './refusals.ts';
import type { BundleFiles } from './tar.ts';

/** What whoever loads a bundle already knows and insists on. */
export interface BundleExpectations {
  /** SHA-256 of the root certificate's DER, lower-case hex: known from the room, never from the bundle. */
  readonly rootFingerprint: string;
  /** Seconds since the epoch. */
  readonly now: number;
  readonly rehearsal: 'refuse' | 'require' | 'allow';
  readonly hierarchy?: string;
  /** The bundle loaded before: its epoch, the SHA-256 of its SHA256SUMS, and its CRL numbers by issuer. */
  readonly last?: {
    readonly epoch: number;
    readonly sums: string;
    readonly crlNumbers?: ReadonlyMap<string, bigint>;
    /** Its certificates by name: a CA that had a CRL may be without one now only where it was revoked. */
    readonly certificates?: ReadonlyMap<string, Certificate>;
  };
  /** How many people must have approved each certificate and CRL; absent where nobody asks. */
  readonly approvals?: ApprovalTerms;
  /** An old bundle is looked at, not used: dates that have passed are no reason to refuse. */
  readonly historical?: boolean;
}

/** The pure functions a verification needs. */
export interface BundleTools {
  readonly digest: Digest;
  readonly verify: Verifier;
}

/** An issuing CA of a verified bundle. */
export interface BundleIssuer {
  readonly entry: IssuerEntry;
  readonly certificate: Certificate;
  /** Issuer first, root left out; the first chain is the default. */
  readonly chains: readonly (readonly Certificate[])[];
}

/** A CRL of a verified bundle. */
export interface BundleCrl {
  readonly issuer: string;
  readonly number: bigint;
  readonly crl: CertificateList;
}

/** A bundle that passed every check. Only `verifyBundle` makes one. */
export interface Bundle {
  readonly manifest: Manifest;
  readonly files: BundleFiles;
  /** SHA-256 of SHA256SUMS, lower-case hex: the bundle's identity. */
  readonly sums: string;
  /** The certificate that was pinned. */
  readonly root: Certificate;
  /** Every certificate of the pinned root, newest first: all are trust anchors, and the first is the one to give out. */
  readonly anchors: readonly Certificate[];
  /** Every certificate by the name the plan gave its key. */
  readonly certificates: ReadonlyMap<string, Certificate>;
  readonly issuers: readonly BundleIssuer[];
  readonly crls: readonly BundleCrl[];
}

export type BundleVerdict =
  | { readonly ok: true; readonly bundle: Bundle }
  | { readonly ok: false; readonly refusal: BundleRefusal };
