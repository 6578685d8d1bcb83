import { z } from 'zod';
import { slugSchema } from '../../bundle/manifest.ts';
import { fromBase64 } from '../../ports/base64.ts';
import { defineAct } from '../act.ts';
import { confirmWord } from '../facts.ts';
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
import { keyNamed } from '../lookup.ts';
import { actBase } from '../plan-types.ts';
import type { CeremonyState } from '../state.ts';

const config = z.strictObject({ do: z.literal('issue-root'), profile: slugSchema, key: slugSchema, ...actBase });
type Config = z.infer<typeof config>;

function orderOf({ profile, key }: Config, state: CeremonyState): CertificateOrder {
  const spki = fromBase64(keyNamed(state, key).spki);
  return { profileName: profile, type: 'root', spki, issuer: undefined };
}

/** A self-signed root certificate (BR 7.1.2.1). */
export const issueRoot = defineAct({
  name: 'issue-root',
  config,
  intent: certificateIntent,
  outcome: signedOutcome,
  references: ({ profile, key }) => ({
    profile: { name: profile, type: 'root' },
    signsWith: [key],
    usesKeys: [key],
    makesCertificate: { key, profile },
  }),
  describe: ({ profile, key }, plan) => ({
    headline: `Sign the root certificate "${plan.profiles[profile]?.subject.CN ?? profile}"`,
    why: 'Everything in this hierarchy is trusted because of this certificate. Its fingerprint is what people pin.',
    onToken: `Signs once with "${key}".`,
  }),
  questions: () => [],
  prepare: (own, state, ports) => prepareCertificate(orderOf(own, state), state, ports),
  confirmations: (own, intent) =>
    confirmWord(
      own,
      'SIGN',
      'This is the root certificate that will be signed. Read it aloud.',
      certificateShown(intent),
    ),
  perform: (own, intent, state, ports) => performCertificate(orderOf(own, state), intent, state, ports, own.key),
  apply: ({ key, profile }, intent, outcome, { certificates }) => {
    const entry = {
      der: approved(intent, outcome),
      type: 'root',
      issuedBy: key,
      profile,
      waived: outcome.waived,
    } as const;
    return { certificates: { ...certificates, [key]: entry } };
  },
  summary: (_, intent, outcome) => [...certificateShown(intent).slice(0, 4), ...signedSummary(outcome)],
});
