import { z } from 'zod';
import { slugSchema, type IssuancePolicy } from '../../bundle/manifest.ts';
import { fromBase64, toBase64 } from '../../ports/base64.ts';
import { toHex } from '../../ports/hex.ts';
import { durationSeconds } from '../../profile/duration.ts';
import type { IntermediateProfile } from '../../profile/profile.ts';
import { maximumCsrBytes, readCsr } from '../../x509/csr.ts';
import { formatName } from '../../x509/name.ts';
import { readSpki } from '../../x509/spki.ts';
import { defineAct, type ActPorts } from '../act.ts';
import { ceremonyError } from '../ceremony-error.ts';
import { confirmWord, fact } from '../facts.ts';
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
import { keyNamed, profileNamed } from '../lookup.ts';
import { actBase } from '../plan-types.ts';
import type { Fact } from '../prompt.ts';
import type { CeremonyState } from '../state.ts';

const config = z
  .strictObject({
    do: z.literal('issue-intermediate'),
    profile: slugSchema,
    /** Key name of the root. */
    issuer: slugSchema,
    /** A key on a token of this ceremony… */
    'subject-key': slugSchema.optional(),
    /** …or a CSR file, by the name the binding gives it; the certificate is known by the same name. */
    csr: slugSchema.optional(),
    ...actBase,
  })
  .refine((own) => (own.csr === undefined) !== (own['subject-key'] === undefined), {
    message: 'give either "subject-key" or "csr"',
  });
type Config = z.infer<typeof config>;

const intent = certificateIntent.extend({
  /** SubjectPublicKeyInfo, base64: of the CSR, or of the key on the token. */
  spki: z.base64().max(2000),
  csr: z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/u), subject: z.string().max(2000) }).nullable(),
});
type Intent = z.infer<typeof intent>;

function nameOf(own: Config): string {
  return own['subject-key'] ?? own.csr ?? '';
}

function orderOf(own: Config, spki: Uint8Array): CertificateOrder {
  return { profileName: own.profile, type: 'intermediate', spki, issuer: own.issuer };
}

/** A CSR file as hostile input: bounded, PEM or DER, and signed with the key it asks a certificate for. */
async function importCsr(
  name: string,
  profile: IntermediateProfile,
  ports: ActPorts,
): Promise<{ spki: Uint8Array; csr: NonNullable<Intent['csr']> }> {
  const csr = readCsr(await derOfFile(name, maximumCsrBytes, ports), ports.verify);
  const { algorithm } = readSpki(csr.spki);
  if (algorithm !== profile.key) {
    throw ceremonyError(
      'csr-key-algorithm',
      `The CSR "${name}" is for a key of type ${algorithm}; the profile says ${profile.key}.`,
      'Have the CSR made with the right kind of key, or correct the plan and have it reviewed again.',
    );
  }
  return {
    spki: csr.spki,
    csr: { sha256: toHex(ports.digest('sha256', csr.raw)), subject: formatName(csr.subject) },
  };
}

async function prepare(own: Config, state: CeremonyState, ports: ActPorts): Promise<Intent> {
  const { plan } = state.beginning;
  if (own.csr === undefined) {
    const { spki } = keyNamed(state, nameOf(own));
    return { ...(await prepareCertificate(orderOf(own, fromBase64(spki)), state, ports)), spki, csr: null };
  }
  const { spki, csr } = await importCsr(own.csr, profileNamed(plan, own.profile, 'intermediate'), ports);
  const made = await prepareCertificate(orderOf(own, spki), state, ports);
  return { ...made, spki: toBase64(spki), csr };
}

/** What the online issuer may do with this CA: goes into the manifest, and so under the bundle's signature. */
function policyOf({ issuance, eku }: IntermediateProfile): IssuancePolicy {
  return { maxValidity: durationSeconds(issuance.maxValidity), keys: issuance.keys, eku };
}

function csrFacts({ csr }: Intent): readonly Fact[] {
  if (csr === null) return [];
  return [fact('CSR SHA-256', csr.sha256), fact('subject in the CSR (not used)', csr.subject)];
}

/** An issuing CA's certificate (BR 7.1.2.6), for a key on another token or for a CSR that proved possession. */
export const issueIntermediate = defineAct({
  name: 'issue-intermediate',
  config,
  intent,
  outcome: signedOutcome,
  references: (own) => ({
    profile: { name: own.profile, type: 'intermediate' },
    signsWith: [own.issuer],
    usesCertificates: [own.issuer],
    makesCertificate: { key: nameOf(own), profile: own.profile },
    ...(own.csr === undefined ? { usesKeys: [nameOf(own)] } : { importsKey: own.csr, files: [own.csr] }),
  }),
  describe: (own, plan) => ({
    headline: `Sign the intermediate certificate "${plan.profiles[own.profile]?.subject.CN ?? own.profile}"`,
    why:
      own.csr === undefined
        ? `It certifies the key "${nameOf(own)}" of this ceremony.`
        : `It certifies the key of the CSR "${own.csr}", which must prove that its maker holds the key.`,
    onToken: `Signs once with "${own.issuer}".`,
  }),
  questions: () => [],
  prepare,
  confirmations: (own, made) =>
    confirmWord(own, 'SIGN', 'This is the intermediate certificate that will be signed. Read it aloud.', [
      ...csrFacts(made),
      ...certificateShown(made),
    ]),
  perform: (own, made, state, ports) =>
    performCertificate(orderOf(own, fromBase64(made.spki)), made, state, ports, own.issuer),
  apply: (own, made, outcome, { certificates, keys, beginning: { plan } }) => {
    const { spki } = made;
    const { waived } = outcome;
    const der = approved(made, outcome);
    const profile = profileNamed(plan, own.profile, 'intermediate');
    const name = nameOf(own);
    const entry = { der, type: 'intermediate', issuedBy: own.issuer, profile: own.profile, waived } as const;
    return {
      certificates: { ...certificates, [name]: { ...entry, policy: policyOf(profile) } },
      keys: own.csr === undefined ? keys : { ...keys, [name]: { algorithm: profile.key, spki, origin: 'csr' } },
    };
  },
  summary: (_, made, outcome) => [...csrFacts(made), ...certificateShown(made).slice(0, 4), ...signedSummary(outcome)],
});
