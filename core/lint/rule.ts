import type { Digest } from '../ports/digest.ts';
import type { Profile, ProfileType } from '../profile/profile.ts';
import type { Certificate, TbsCertificate } from '../x509/certificate.ts';
import type { CertificateList, TbsCertList } from '../x509/crl.ts';

/** A TBSCertificate to be judged, with everything a rule may compare it to. */
export interface CertificateSubject {
  readonly tbs: TbsCertificate;
  /** What the certificate is meant to be: rules apply by this, never by guessing from the certificate. */
  readonly type: ProfileType;
  /** Absent for a root, which issues itself. */
  readonly issuer?: Certificate;
  /** For a cross-certificate or a renewal: the certificate the CA has already. */
  readonly existing?: Certificate;
  /** `existing` is renewed: the new certificate says of the CA what that one said. */
  readonly renewal?: true;
  /** Seconds since the epoch at which it will be signed; absent when an old certificate is looked at. */
  readonly signingTime?: number;
  /** The profile it was made from, where there is one. */
  readonly profile?: Profile;
  readonly digest: Digest;
}

/** A TBSCertList to be judged. */
export interface CrlSubject {
  readonly tbs: TbsCertList;
  /** Whether the issuer revokes CA certificates (a root) or end entities: BR 7.2 has a period for each. */
  readonly scope: 'ca' | 'end-entity';
  readonly issuer?: Certificate;
  /** The CRL before this one, from the previous bundle or the database. */
  readonly previous?: CertificateList;
  readonly signingTime?: number;
}

interface RuleFacts {
  /** Stable, kebab-case, the same as the file's name: an auditor and a developer use one word. */
  readonly id: string;
  /** The clause it checks. */
  readonly clause: string;
  /** What it demands, as a sentence. */
  readonly demand: string;
}

/** Judges certificates. `check` says what is wrong, or undefined: it may assume nothing about the other rules. */
export interface CertificateRule extends RuleFacts {
  readonly appliesTo: readonly ProfileType[];
  check(subject: CertificateSubject): string | undefined;
}

/** Judges a certificate by its key alone, and so also a key that has no certificate yet. */
export interface KeyRule extends RuleFacts {
  readonly appliesTo: readonly ProfileType[];
  check(subject: { readonly tbs: Pick<TbsCertificate, 'spki'> }): string | undefined;
}

/** Judges CRLs. */
export interface CrlRule extends RuleFacts {
  check(subject: CrlSubject): string | undefined;
}

/** A rule that refused something. */
export interface Finding {
  readonly rule: string;
  readonly clause: string;
  readonly demand: string;
  /** What was found instead. */
  readonly found: string;
}
