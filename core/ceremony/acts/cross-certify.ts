import { z } from 'zod';
import { slugSchema } from '../../bundle/manifest.ts';
import { fromBase64, toBase64 } from '../../ports/base64.ts';
import { equalBytes } from '../../ports/bytes.ts';
import { toHex } from '../../ports/hex.ts';
import { profileSubject } from '../../profile/apply.ts';
import { maximumCertificateBytes, readCertificate, type Certificate } from '../../x509/certificate.ts';
import { formatName } from '../../x509/name.ts';
import { readSpki } from '../../x509/spki.ts';
import { defineAct, type ActPorts } from '../act.ts';
import { ceremonyError } from '../ceremony-error.ts';
import { confirmWord, digestFacts, fact } from '../facts.ts';
import { derOfFile } from '../file-input.ts';
import {
  approved,
  certificateIntent,
  certificateShown,
  performCertificate,
  prepareCertificate,
  signedOutcome,
  signedSummary,
  type CertificateOrder,
} from '../issuing.ts';
import { certificateNamed, keyNamed, profileNamed } from '../lookup.ts';
import { actBase } from '../plan-types.ts';
import type { Fact } from '../prompt.ts';
import type { CeremonyState } from '../state.ts';

const hash = z.string().regex(/^[0-9a-f]{64}$/u, 'not a SHA-256 in lower-case hex');

const config = z
  .strictObject({
    do: z.literal('cross-certify'),
    /** Name of the new certificate, in the bundle and in file names. */
    name: slugSchema,
    /** Of type intermediate: dates, purposes, path length and locations. Its subject is that of the existing certificate. */
    profile: slugSchema,
    /** Key name of the CA that vouches. */
    issuer: slugSchema,
    /** The CA that is vouched for: a certificate of this hierarchy, by its name… */
    certificate: slugSchema.optional(),
    /** …or of another, in a file, by the name the binding gives it. */
    file: slugSchema.optional(),
    /** SHA-256 of its SubjectPublicKeyInfo, from a second source: what boulder forgot to compare. Required with "file". */
    'public-key': hash.optional(),
    ...actBase,
  })
  .refine((own) => (own.certificate === undefined) !== (own.file === undefined), {
    message: 'give either "certificate" or "file"',
  })
  .refine((own) => own.file === undefined || own['public-key'] !== undefined, {
    message: 'a certificate from a file needs its "public-key"',
  });
type Config = z.infer<typeof config>;

const intent = certificateIntent.extend({
  /** The certificate of the CA that is vouched for, DER in base64. */
  existing: z.base64().max(100_000),
  sha256: hash,
});
type Intent = z.infer<typeof intent>;

async function existingOf(own: Config, state: CeremonyState, ports: ActPorts): Promise<Certificate> {
  if (own.file === undefined) return certificateNamed(state, own.certificate ?? '');
  return readCertificate(await derOfFile(own.file, maximumCertificateBytes, state, ports));
}

/** The key comes from another place than the certificate: the token it is on, or the hash that was reviewed. */
function keyToCertify(own: Config, { tbs }: Certificate, state: CeremonyState, ports: ActPorts): Uint8Array {
  const pinned = own['public-key'];
  if (pinned !== undefined && toHex(ports.digest('sha256', tbs.spki)) !== pinned) {
    throw ceremonyError(
      'cross-other-key',
      `The public key in the certificate of ${formatName(tbs.subject)} is not the one the plan names.`,
      'Find out which of the two is right: compare the hash of the key with its owner.',
    );
  }
  return own.certificate === undefined ? tbs.spki : fromBase64(keyNamed(state, own.certificate).spki);
}

function orderOf(own: Config, existing: Certificate, spki: Uint8Array): CertificateOrder {
  return { profileName: own.profile, type: 'intermediate', spki, issuer: own.issuer, existing };
}

/** The plan says in words whom it means; the bytes that are certified come from the existing certificate. */
function requireMeant(own: Config, { tbs }: Certificate, state: CeremonyState): void {
  const { plan, rehearsal } = state.beginning;
  const profile = profileNamed(plan, own.profile, 'intermediate');
  const [meant, found] = [formatName(profileSubject(profile, rehearsal)), formatName(tbs.subject)];
  if (meant !== found) {
    const remedy = 'Write the subject of the existing certificate into the profile, or name the right certificate.';
    throw ceremonyError('cross-other-subject', `The plan means ${meant}, the certificate is ${found}’s.`, remedy);
  }
  const { algorithm } = readSpki(tbs.spki);
  if (algorithm === profile.key) return;
  const remedy = 'Correct the profile, or name the right certificate.';
  throw ceremonyError('cross-key-algorithm', `The key is ${algorithm}, the profile says ${profile.key}.`, remedy);
}

function requireFirst(own: Config, existing: Certificate, state: CeremonyState): void {
  const twin = Object.entries(state.certificates).find(
    ([name, { type, issuedBy }]) =>
      type === 'cross' &&
      issuedBy === own.issuer &&
      equalBytes(certificateNamed(state, name).tbs.subject, existing.tbs.subject),
  );
  if (twin === undefined) return;
  const message = `"${own.issuer}" has cross-certified ${formatName(existing.tbs.subject)} already: ${twin[0]}.`;
  throw ceremonyError('cross-exists', message, 'Revoke that one first, in the same plan.');
}

async function prepare(own: Config, state: CeremonyState, ports: ActPorts): Promise<Intent> {
  const existing = await existingOf(own, state, ports);
  const spki = keyToCertify(own, existing, state, ports);
  requireMeant(own, existing, state);
  requireFirst(own, existing, state);
  const made = await prepareCertificate(orderOf(own, existing, spki), state, ports);
  return { ...made, existing: toBase64(existing.raw), sha256: toHex(ports.digest('sha256', existing.raw)) };
}

function shown(made: Intent): readonly Fact[] {
  const { tbs } = readCertificate(fromBase64(made.existing));
  return [
    fact('vouches for', `${formatName(tbs.subject)}, certified by ${formatName(tbs.issuer)}`),
    ...digestFacts('SHA-256 fingerprint', made.sha256),
  ];
}

/** A second certificate for a CA that has one: same name, same key, another issuer (BR 7.1.2.2). */
export const crossCertify = defineAct({
  name: 'cross-certify',
  config,
  intent,
  outcome: signedOutcome,
  references: (own) => ({
    profile: { name: own.profile, type: 'intermediate' },
    signsWith: [own.issuer],
    usesCertificates: own.certificate === undefined ? [own.issuer] : [own.issuer, own.certificate],
    makesCertificate: { key: own.name, profile: own.profile },
    ...(own.file === undefined ? {} : { files: [own.file] }),
  }),
  describe: (own, plan) => ({
    headline: `Cross-certify "${plan.profiles[own.profile]?.subject.CN ?? own.profile}" by "${own.issuer}"`,
    why: 'Whoever trusts this issuer will trust that CA. Name and key are compared, byte for byte, with its own certificate.',
    onToken: `Signs once with "${own.issuer}".`,
  }),
  questions: () => [],
  prepare,
  confirmations: (own, made) =>
    confirmWord(own, 'SIGN', 'This is the cross-certificate that will be signed. Read it aloud.', [
      ...shown(made),
      ...certificateShown(made),
    ]),
  perform: (own, made, state, ports) => {
    const existing = readCertificate(fromBase64(made.existing));
    const order = orderOf(own, existing, keyToCertify(own, existing, state, ports));
    return performCertificate(order, made, state, ports, own.issuer);
  },
  apply: (own, made, outcome, { certificates }) => {
    const entry = { type: 'cross', issuedBy: own.issuer, profile: own.profile, waived: outcome.waived } as const;
    return { certificates: { ...certificates, [own.name]: { ...entry, der: approved(made, outcome) } } };
  },
  summary: (_, made, outcome) => [...shown(made), ...certificateShown(made).slice(0, 4), ...signedSummary(outcome)],
});
