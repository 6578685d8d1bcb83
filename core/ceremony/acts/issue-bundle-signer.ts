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

const config = z.strictObject({
  do: z.literal('issue-bundle-signer'),
  profile: slugSchema,
  /** Key name of the root. */
  issuer: slugSchema,
  'subject-key': slugSchema,
  ...actBase,
});
type Config = z.infer<typeof config>;

function orderOf(own: Config, state: CeremonyState): CertificateOrder {
  const spki = fromBase64(keyNamed(state, own['subject-key']).spki);
  return { profileName: own.profile, type: 'bundle-signer', spki, issuer: own.issuer };
}

/** The certificate of the key that signs bundles: issued by the root, for that use and no other. */
export const issueBundleSigner = defineAct({
  name: 'issue-bundle-signer',
  config,
  intent: certificateIntent,
  outcome: signedOutcome,
  references: (own) => ({
    profile: { name: own.profile, type: 'bundle-signer' },
    signsWith: [own.issuer],
    usesKeys: [own['subject-key']],
    usesCertificates: [own.issuer],
    makesCertificate: { key: own['subject-key'], profile: own.profile },
  }),
  describe: (own) => ({
    headline: `Sign the certificate of the bundle signer "${own['subject-key']}"`,
    why: 'The online issuer believes a bundle because this key signed it and the root vouches for the key.',
    onToken: `Signs once with "${own.issuer}".`,
  }),
  questions: () => [],
  prepare: (own, state, ports) => prepareCertificate(orderOf(own, state), state, ports),
  confirmations: (own, intent) =>
    confirmWord(own, 'SIGN', 'This is the bundle signer’s certificate that will be signed.', certificateShown(intent)),
  perform: (own, intent, state, ports) => performCertificate(orderOf(own, state), intent, state, ports, own.issuer),
  apply: (own, intent, outcome, { certificates }) => {
    const made = { der: approved(intent, outcome), issuedBy: own.issuer, profile: own.profile, waived: outcome.waived };
    return { certificates: { ...certificates, [own['subject-key']]: { ...made, type: 'bundle-signer' } } };
  },
  summary: (_, intent, outcome) => [...certificateShown(intent).slice(0, 4), ...signedSummary(outcome)],
});
