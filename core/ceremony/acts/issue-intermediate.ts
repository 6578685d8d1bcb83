import { z } from 'zod';
import { slugSchema } from '../../bundle/manifest.ts';
import { fromBase64, toBase64 } from '../../ports/base64.ts';
import { defineAct, type ActPorts } from '../act.ts';
import { csrFacts, takeCsr } from '../csr-file.ts';
import { confirmWord, fact, hashFact } from '../facts.ts';
import { issuancePolicyOf, issuanceShown } from '../issuance-policy.ts';
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
import { generatedOn, keyNamed, profileNamed } from '../lookup.ts';
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
  csr: csrFacts.nullable(),
});
type Intent = z.infer<typeof intent>;

function nameOf(own: Config): string {
  return own['subject-key'] ?? own.csr ?? '';
}

function orderOf(own: Config, spki: Uint8Array): CertificateOrder {
  return { profileName: own.profile, type: 'intermediate', spki, issuer: own.issuer };
}

async function prepare(own: Config, state: CeremonyState, ports: ActPorts): Promise<Intent> {
  const { plan } = state.beginning;
  if (own.csr === undefined) {
    const { spki } = keyNamed(state, nameOf(own));
    return { ...(await prepareCertificate(orderOf(own, fromBase64(spki)), state, ports)), spki, csr: null };
  }
  const { key } = profileNamed(plan, own.profile, 'intermediate');
  const { spki, facts } = await takeCsr(own.csr, key, state, ports);
  const made = await prepareCertificate(orderOf(own, spki), state, ports);
  return { ...made, spki: toBase64(spki), csr: facts };
}

function csrShown({ csr }: Intent): readonly Fact[] {
  if (csr === null) return [];
  return [hashFact('CSR SHA-256', csr.sha256), fact('subject in the CSR (not used)', csr.subject)];
}

/** An issuing CA's certificate (BR 7.1.2.6), for a key on another token or for a CSR that proved possession. */
export const issueIntermediate = defineAct({
  name: 'issue-intermediate',
  config,
  intent,
  outcome: signedOutcome,
  references: (own, plan) => ({
    tokens: generatedOn(plan, nameOf(own)),
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
  confirmations: (own, made, { beginning: { plan } }) =>
    confirmWord(own, 'SIGN', 'This is the intermediate certificate that will be signed. Read it aloud.', [
      ...csrShown(made),
      ...issuanceShown(profileNamed(plan, own.profile, 'intermediate')),
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
      certificates: { ...certificates, [name]: { ...entry, policy: issuancePolicyOf(profile) } },
      keys: own.csr === undefined ? keys : { ...keys, [name]: { algorithm: profile.key, spki, origin: 'csr' } },
    };
  },
  summary: (_, made, outcome) => [...csrShown(made), ...certificateShown(made).slice(0, 4), ...signedSummary(outcome)],
});
