import { z } from 'zod';
import { slugSchema } from '../../bundle/manifest.ts';
import { defineAct } from '../act.ts';
import { ceremonyError } from '../ceremony-error.ts';
import { confirmWord } from '../facts.ts';
import { issuancePolicyOf, issuanceShown } from '../issuance-policy.ts';
import {
  approved,
  certificateShown,
  performCertificate,
  prepareCertificate,
  signedOutcome,
  signedSummary,
  type CertificateOrder,
} from '../issuing.ts';
import { certificateNamed, profileNamed } from '../lookup.ts';
import { actBase } from '../plan-types.ts';
import { renewalIntent, replacedFacts, requireRenewable } from '../renewing.ts';
import type { CeremonyState } from '../state.ts';

const config = z.strictObject({
  do: z.literal('renew-intermediate'),
  /** Name of the certificate that is renewed; the new one takes its place in the bundle. */
  certificate: slugSchema,
  profile: slugSchema,
  /** Key name of the CA that issued it. */
  issuer: slugSchema,
  ...actBase,
});
type Config = z.infer<typeof config>;

/** Same key, same name, other dates: lint compares the two. */
function orderOf(own: Config, state: CeremonyState): CertificateOrder {
  const existing = certificateNamed(state, own.certificate);
  const { spki } = existing.tbs;
  return { profileName: own.profile, type: 'intermediate', spki, issuer: own.issuer, existing, renewal: true };
}

function requireIssuedBy(own: Config, state: CeremonyState): void {
  const held = state.certificates[own.certificate];
  if (held?.type === 'intermediate' && held.issuedBy === own.issuer) return;
  const remedy = 'Name an issuing CA of the bundle, and the CA that issued its certificate.';
  const message = `"${own.certificate}" is no intermediate that "${own.issuer}" issued.`;
  throw ceremonyError('renew-other-issuer', message, remedy);
}

/** An issuing CA's certificate again, for the same key and name. What it takes the place of leaves the bundle. */
export const renewIntermediate = defineAct({
  name: 'renew-intermediate',
  config,
  intent: renewalIntent,
  outcome: signedOutcome,
  references: (own) => ({
    profile: { name: own.profile, type: 'intermediate' },
    signsWith: [own.issuer],
    usesCertificates: [own.issuer, own.certificate],
  }),
  describe: (own) => ({
    headline: `Renew the intermediate certificate "${own.certificate}" for the same key`,
    why: 'Clients see the same CA for longer. A key that has been in use for years may deserve a successor instead.',
    onToken: `Signs once with "${own.issuer}".`,
  }),
  questions: () => [],
  prepare: async (own, state, ports) => {
    requireIssuedBy(own, state);
    const profile = profileNamed(state.beginning.plan, own.profile, 'intermediate');
    requireRenewable(own.certificate, profile, state, ports);
    const made = await prepareCertificate(orderOf(own, state), state, ports);
    const replaced = replacedFacts('takes the place of', own.certificate, state);
    return { ...made, replaced: replaced.map(({ label, value }) => ({ label, value })) };
  },
  confirmations: (own, made, { beginning: { plan } }) =>
    confirmWord(own, 'SIGN', 'This is the renewed certificate that will be signed. Read it aloud.', [
      ...made.replaced,
      ...issuanceShown(profileNamed(plan, own.profile, 'intermediate')),
      ...certificateShown(made),
    ]),
  perform: (own, made, state, ports) => performCertificate(orderOf(own, state), made, state, ports, own.issuer),
  apply: (own, made, outcome, { certificates, beginning: { plan } }) => {
    const policy = issuancePolicyOf(profileNamed(plan, own.profile, 'intermediate'));
    const held = { type: 'intermediate', issuedBy: own.issuer, profile: own.profile, waived: outcome.waived } as const;
    const entry = { ...held, der: approved(made, outcome), policy };
    return { certificates: { ...certificates, [own.certificate]: entry } };
  },
  summary: (_, made, outcome) => [...made.replaced, ...certificateShown(made).slice(0, 4), ...signedSummary(outcome)],
});
