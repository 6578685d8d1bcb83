import { DerReader } from '../../core/der/reader.ts';
import { nodeDigest } from '../../core/node/crypto.ts';
import { toHex } from '../../core/ports/hex.ts';
import { judgeCertificate, judgeCrl } from '../../core/lint/linted.ts';
import type { CertificateSubject, CrlSubject, Finding } from '../../core/lint/rule.ts';
import { formatUtc, parseUtc } from '../../core/profile/dates.ts';
import { profileTypes } from '../../core/profile/profile.ts';
import { maximumCertificateBytes, readCertificate, readTbsCertificate } from '../../core/x509/certificate.ts';
import { maximumCrlBytes, readCrl, readTbsCertList } from '../../core/x509/crl.ts';
import { readPem, toPem } from '../../core/x509/pem.ts';

/**
 * One file under test/vectors/lint: what is judged, then its issuer's certificate, then the CRL before it, as PEM; above
 * them, as explanatory text (RFC 7468 §2), what a judge must know, and what the rules find.
 */
export interface LintFixture {
  readonly judged: { readonly kind: 'certificate' | 'crl'; readonly bytes: Uint8Array };
  /** A profile type, or the scope of a CRL. */
  readonly as: CertificateSubject['type'] | CrlSubject['scope'];
  readonly signingTime?: number;
  readonly issuer?: Uint8Array;
  readonly previous?: Uint8Array;
  /** The certificate a cross-certified CA has already. */
  readonly existing?: Uint8Array;
  /** `existing` is renewed by it. */
  readonly renewal?: true;
}

/** The TBS inside, whatever the AlgorithmIdentifiers around it say. */
export function tbsOf(signed: Uint8Array): Uint8Array {
  return DerReader.over(signed, Math.max(maximumCertificateBytes, maximumCrlBytes)).enter().element().raw;
}

/** What the rules say of a fixture. */
export function judge({ judged, as, signingTime, issuer, previous, existing, renewal }: LintFixture): readonly Finding[] {
  const tbs = tbsOf(judged.bytes);
  const common = {
    ...(signingTime === undefined ? {} : { signingTime }),
    ...(issuer === undefined ? {} : { issuer: readCertificate(issuer) }),
  };
  if (as === 'ca' || as === 'end-entity') {
    const before = previous === undefined ? {} : { previous: readCrl(previous) };
    return judgeCrl({ tbs: readTbsCertList(tbs), scope: as, ...common, ...before });
  }
  const crossed = existing === undefined ? {} : { existing: readCertificate(existing), ...(renewal === undefined ? {} : { renewal }) };
  return judgeCertificate({ tbs: readTbsCertificate(tbs), type: as, digest: nodeDigest, ...common, ...crossed });
}

/** The lines `finding: rule: what was found` of a fixture. */
export function findingLines(findings: readonly Finding[]): readonly string[] {
  return findings.map(({ rule, found }) => `finding: ${rule}: ${found}`);
}

export function writeLintFixture(fixture: LintFixture): string {
  const { judged, as, signingTime, issuer, previous, existing, renewal } = fixture;
  const crl = judged.kind === 'crl';
  const lines = [
    `${crl ? 'scope' : 'type'}: ${as}`,
    ...(signingTime === undefined ? [] : [`signed: ${formatUtc(signingTime)}`]),
    ...(issuer === undefined ? [] : ['issuer: second block']),
    ...(previous === undefined ? [] : ['previous: last block']),
    ...(existing === undefined ? [] : ['existing: last block']),
    ...(renewal === undefined ? [] : ['renewal: yes']),
    ...findingLines(judge(fixture)),
  ];
  return [
    `${lines.join('\n')}\n`,
    toPem(crl ? 'X509 CRL' : 'CERTIFICATE', judged.bytes),
    issuer === undefined ? '' : toPem('CERTIFICATE', issuer),
    previous === undefined ? '' : toPem('X509 CRL', previous),
    existing === undefined ? '' : toPem('CERTIFICATE', existing),
  ].join('');
}

function field(text: string, name: string): string | undefined {
  return new RegExp(`^${name}: (.*)$`, 'mu').exec(text)?.[1];
}

export function readLintFixture(text: string): LintFixture & { readonly findings: readonly string[] } {
  const [first, ...rest] = readPem(text);
  const as = [...profileTypes, 'ca' as const, 'end-entity' as const].find(
    (one) => one === (field(text, 'type') ?? field(text, 'scope')),
  );
  if (first === undefined || as === undefined) throw new Error('not a lint fixture');
  const signed = field(text, 'signed');
  const signingTime = signed === undefined ? undefined : parseUtc(signed);
  const issuer = field(text, 'issuer') === undefined ? undefined : rest.shift()?.bytes;
  const previous = field(text, 'previous') === undefined ? undefined : rest.shift()?.bytes;
  const existing = field(text, 'existing') === undefined ? undefined : rest.shift()?.bytes;
  return {
    judged: { kind: first.label === 'X509 CRL' ? 'crl' : 'certificate', bytes: first.bytes },
    as,
    findings: Array.from(text.matchAll(/^finding: .*$/gmu), ([line]) => line),
    ...(signingTime === undefined ? {} : { signingTime }),
    ...(issuer === undefined ? {} : { issuer }),
    ...(previous === undefined ? {} : { previous }),
    ...(existing === undefined ? {} : { existing }),
    ...(field(text, 'renewal') === undefined ? {} : { renewal: true }),
  };
}

/** Whether a file holds this fixture, signatures aside. */
export function isSameFixture(text: string, fixture: LintFixture): boolean {
  const skeleton = (whole: string): string => {
    const head = whole.slice(0, whole.indexOf('-----BEGIN'));
    return [head, ...readPem(whole).map(({ bytes }) => toHex(tbsOf(bytes)))].join('\n');
  };
  return skeleton(text) === skeleton(writeLintFixture(fixture));
}
