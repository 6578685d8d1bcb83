// A whole hierarchy made with throwaway keys through the real profiles, lint and bundle code: for tests that need a
// bundle but not a ceremony. Nothing here stands in for production code; it calls it.
import { nodeDigest, nodeVerifier } from '../../core/node/crypto.ts';
import { systemEntropy } from '../../core/node/entropy.ts';
import { throwawayKey, type ThrowawayKey } from '../../core/node/throwaway-key.ts';
import { buildBundle, type BundleParts } from '../../core/bundle/build.ts';
import type { Manifest } from '../../core/bundle/manifest.ts';
import { writeTranscript } from '../../core/bundle/transcript.ts';
import { chainRecord } from '../../core/journal/record.ts';
import { lintCertificate, lintCrl, lintRefusal } from '../../core/lint/linted.ts';
import { signLinted } from '../../core/lint/sign.ts';
import { applyPlanProfile } from '../../core/profile/apply.ts';
import { crlContents } from '../../core/profile/crl-contents.ts';
import { formatUtc, resolveValidity } from '../../core/profile/dates.ts';
import { planProfileSchema, type PlanProfile } from '../../core/profile/profile.ts';
import type { SubjectPolicy } from '../../core/profile/subject-policy.ts';
import { encodeTbsCertificate, readCertificate, type Certificate } from '../../core/x509/certificate.ts';
import { encodeTbsCertList, type Revocation } from '../../core/x509/crl.ts';
import { newSerial } from '../../core/x509/serial.ts';
import { keyIdentifier } from '../../core/x509/spki.ts';
import { utf8 } from '../../core/ports/bytes.ts';
import { toHex } from '../../core/ports/hex.ts';

const day = 86_400;

export function sha256(bytes: Uint8Array): string {
  return toHex(nodeDigest('sha256', bytes));
}

function subject(CN: string): { C: string; O: string; CN: string } {
  return { C: 'US', O: 'Example Corp', CN };
}

export const testProfiles = {
  root: planProfileSchema.parse({
    type: 'root',
    subject: subject('Example Corp Root R1'),
    key: 'ec-p384',
    valid: { for: '20y' },
  }),
  signer: planProfileSchema.parse({
    type: 'bundle-signer',
    subject: subject('Example Corp Bundle Signer B1'),
    key: 'ec-p256',
    valid: { for: '5y' },
  }),
  issuing: planProfileSchema.parse({
    type: 'intermediate',
    subject: subject('Example Corp Issuing I1'),
    key: 'ec-p256',
    valid: { for: '5y' },
    eku: ['serverAuth', 'clientAuth'],
    permitted: { dns: ['example.internal', 'localhost'], ip: ['127.0.0.0/8'] },
    crl: 'http://pki.example.internal/root-r1.crl',
    aia: 'http://pki.example.internal/root-r1.cer',
  }),
};

export function issuerFacts(certificate: Certificate): {
  subject: Uint8Array;
  spki: Uint8Array;
  keyIdentifier: Uint8Array;
} {
  const { subject: name, spki } = certificate.tbs;
  return { subject: name, spki, keyIdentifier: keyIdentifier(spki, nodeDigest) };
}

/** Issues a CA certificate (or bundle signer) through profile, lint and sign. */
async function issueCa(
  profile: PlanProfile,
  spki: Uint8Array,
  issuerKey: ThrowawayKey,
  options: { issuer?: Certificate; now: number; rehearsal?: boolean },
): Promise<Certificate> {
  const { issuer, now, rehearsal = false } = options;
  const issuance = {
    serial: newSerial(systemEntropy),
    ...resolveValidity(profile.valid, now),
    spki,
    rehearsal,
    ...(issuer === undefined ? {} : { issuer: issuerFacts(issuer) }),
  };
  const contents = applyPlanProfile(profile, issuance, nodeDigest);
  const result = lintCertificate(encodeTbsCertificate(contents), {
    type: profile.type,
    digest: nodeDigest,
    signingTime: now,
    profile,
    ...(issuer === undefined ? {} : { issuer }),
  });
  if (!result.ok) throw lintRefusal(result.findings);
  const issuerSpki = issuer?.tbs.spki ?? spki;
  return readCertificate(await signLinted(result.linted, issuerSpki, issuerKey.sign, nodeVerifier));
}

async function issueCrl(
  issuer: Certificate,
  key: ThrowawayKey,
  options: { number: bigint; thisUpdate: number; nextUpdate: number; revocations?: readonly Revocation[] },
): Promise<Uint8Array> {
  const { revocations = [], ...rest } = options;
  const contents = crlContents({ issuer: issuerFacts(issuer), revocations, ...rest });
  const result = lintCrl(encodeTbsCertList(contents), { scope: 'ca', issuer });
  if (!result.ok) throw lintRefusal(result.findings);
  return signLinted(result.linted, issuer.tbs.spki, key.sign, nodeVerifier);
}

export interface TestHierarchy {
  readonly now: number;
  readonly rootKey: ThrowawayKey;
  readonly signerKey: ThrowawayKey;
  /** Present when the issuing key was made here and not on a token. */
  readonly issuingKey: ThrowawayKey | undefined;
  readonly root: Certificate;
  readonly signer: Certificate;
  readonly issuing: Certificate;
  readonly rootFingerprint: string;
  /** What the policy in its bundles says of subjects of leaves; nothing when it is left out. */
  readonly subjects?: SubjectPolicy;
}

/** Root, bundle signer and issuing CA. `issuingSpki` certifies a key that lives elsewhere, such as on a token. */
export async function makeHierarchy(
  options: { now?: number; issuingSpki?: Uint8Array; rehearsal?: boolean } = {},
): Promise<TestHierarchy> {
  const { now = Math.floor(Date.now() / 1000), rehearsal = false } = options;
  const [rootKey, signerKey] = await Promise.all([throwawayKey('ec-p384'), throwawayKey('ec-p256')]);
  const issuingKey = options.issuingSpki === undefined ? await throwawayKey('ec-p256') : undefined;
  const issuingSpki = options.issuingSpki ?? issuingKey?.spki ?? new Uint8Array();
  const root = await issueCa(testProfiles.root, rootKey.spki, rootKey, { now, rehearsal });
  const signer = await issueCa(testProfiles.signer, signerKey.spki, rootKey, { issuer: root, now, rehearsal });
  const issuing = await issueCa(testProfiles.issuing, issuingSpki, rootKey, { issuer: root, now, rehearsal });
  const rootFingerprint = sha256(root.raw);
  return { now, rootKey, signerKey, issuingKey, root, signer, issuing, rootFingerprint };
}

function entry(name: string, certificate: Certificate): Manifest['roots'][number] {
  const { raw, tbs } = certificate;
  return { name, certificate: `certs/${name}.pem`, sha256: sha256(raw), spki: sha256(tbs.spki) };
}

const plan = utf8('# stands in for a plan in bundle tests\ncoldroot: 1\n');

/** The parts of a bundle that verifies, and its root CRL. */
export async function bundleParts(
  hierarchy: TestHierarchy,
  change: Partial<Manifest> = {},
): Promise<{ parts: BundleParts; crl: Uint8Array }> {
  const { now, root, signer, issuing, rootKey, subjects } = hierarchy;
  const nextUpdate = now + 180 * day;
  const crl = await issueCrl(root, rootKey, { number: 1n, thisUpdate: now, nextUpdate });
  const record = chainRecord(undefined, { at: now, kind: 'begin', body: {} }, nodeDigest);
  const manifest: Manifest = {
    format: 'coldroot-bundle-1',
    hierarchy: 'example-corp',
    epoch: 1,
    previous: null,
    created: formatUtc(now),
    expires: formatUtc(now + 180 * day),
    rehearsal: false,
    plan: sha256(plan),
    journal: record.hash,
    roots: [entry('root-r1', root)],
    signers: [entry('bundle-signer-b1', signer)],
    issuers: [
      {
        ...entry('issuing-i1', issuing),
        issuedBy: 'root-r1',
        chains: [['certs/issuing-i1.pem']],
        policy: {
          maxValidity: 90 * day,
          keys: ['ec-p256', 'ec-p384', 'rsa-2048', 'rsa-3072', 'rsa-4096'],
          eku: ['serverAuth', 'clientAuth'],
          ...(subjects === undefined ? {} : { subject: subjects }),
        },
      },
    ],
    crls: [
      {
        issuer: 'root-r1',
        file: 'crls/root-r1.pem',
        number: '1',
        thisUpdate: formatUtc(now),
        nextUpdate: formatUtc(nextUpdate),
      },
    ],
    waivers: [],
    approvals: [],
    ...change,
  };
  const certificates = new Map([
    ['certs/root-r1.pem', root.raw],
    ['certs/bundle-signer-b1.pem', signer.raw],
    ['certs/issuing-i1.pem', issuing.raw],
  ]);
  const crls = new Map([['crls/root-r1.pem', crl]]);
  const transcript = writeTranscript([record]);
  const report = utf8('<!doctype html><title>report</title>\n');
  return { parts: { manifest, certificates, crls, plan, transcript, report }, crl };
}

/** Signs and packs parts with the hierarchy's bundle signer. */
function packBundle(hierarchy: TestHierarchy, parts: BundleParts, created?: number): Promise<Uint8Array> {
  const signer = { certificate: hierarchy.signer, sign: hierarchy.signerKey.sign };
  return buildBundle(parts, signer, created ?? hierarchy.now, nodeDigest);
}

/** A bundle that verifies. */
export async function makeBundle(hierarchy: TestHierarchy, change: Partial<Manifest> = {}): Promise<Uint8Array> {
  const { parts } = await bundleParts(hierarchy, change);
  return packBundle(hierarchy, parts);
}

/** An older root that has cross-certified ours, and a bundle with it: two ways up for every leaf. */
export async function makeCrossedBundle(
  hierarchy: TestHierarchy,
  change: Partial<Manifest> = {},
): Promise<{ bundle: Uint8Array; older: Certificate }> {
  const { now, root, issuing } = hierarchy;
  const olderKey = await throwawayKey('ec-p384');
  const named = { ...testProfiles.root, subject: subject('Example Corp Root R0') };
  const older = await issueCa(named, olderKey.spki, olderKey, { now });
  const crossing = planProfileSchema.parse({
    ...testProfiles.issuing,
    subject: testProfiles.root.subject,
    key: 'ec-p384',
    pathLen: 1,
    permitted: undefined,
    crl: 'http://pki.example.internal/root-r0.crl',
    aia: 'http://pki.example.internal/root-r0.cer',
  });
  const cross = await issueCa(crossing, root.tbs.spki, olderKey, { issuer: older, now });
  const nextUpdate = now + 180 * day;
  const crl = await issueCrl(older, olderKey, { number: 1n, thisUpdate: now, nextUpdate });
  const { parts } = await bundleParts(hierarchy, change);
  const { manifest } = parts;
  const chains = [['certs/issuing-i1.pem'], ['certs/issuing-i1.pem', 'certs/root-r1-by-r0.pem']];
  const dates = { thisUpdate: formatUtc(now), nextUpdate: formatUtc(nextUpdate) };
  const bundle = await packBundle(hierarchy, {
    ...parts,
    manifest: {
      ...manifest,
      roots: [...manifest.roots, entry('root-r0', older)],
      crosses: [{ ...entry('root-r1-by-r0', cross), issuedBy: 'root-r0' }],
      issuers: manifest.issuers.map((each) => ({ ...each, ...entry('issuing-i1', issuing), chains })),
      crls: [...manifest.crls, { issuer: 'root-r0', file: 'crls/root-r0.pem', number: '1', ...dates }],
    },
    certificates: new Map([
      ...parts.certificates,
      ['certs/root-r0.pem', older.raw],
      ['certs/root-r1-by-r0.pem', cross.raw],
    ]),
    crls: new Map([...parts.crls, ['crls/root-r0.pem', crl]]),
  });
  return { bundle, older };
}
