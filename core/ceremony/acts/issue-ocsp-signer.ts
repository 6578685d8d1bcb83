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
  do: z.literal('issue-ocsp-signer'),
  profile: slugSchema,
  /** Key name of the CA that is answered for: clients accept an answer only from whom that CA itself certified. */
  issuer: slugSchema,
  'subject-key': slugSchema,
  ...actBase,
});
type Config = z.infer<typeof config>;

function orderOf(own: Config, state: CeremonyState): CertificateOrder {
  const spki = fromBase64(keyNamed(state, own['subject-key']).spki);
  return { profileName: own.profile, type: 'ocsp-signer', spki, issuer: own.issuer };
}

/** The certificate of a key that answers, for one CA, whether a certificate of it is revoked (RFC 6960 §4.2.2.2). */
export const issueOcspSigner = defineAct({
  name: 'issue-ocsp-signer',
  config,
  intent: certificateIntent,
  outcome: signedOutcome,
  references: (own) => ({
    profile: { name: own.profile, type: 'ocsp-signer' },
    signsWith: [own.issuer],
    usesKeys: [own['subject-key']],
    usesCertificates: [own.issuer],
    makesCertificate: { key: own['subject-key'], profile: own.profile },
  }),
  describe: (own) => ({
    headline: `Sign the certificate of the OCSP signer "${own['subject-key']}" for "${own.issuer}"`,
    why: 'It answers for this CA in place of the CA’s own key. Clients do not ask whether it is revoked: its life is short.',
    onToken: `Signs once with "${own.issuer}".`,
  }),
  questions: () => [],
  prepare: (own, state, ports) => prepareCertificate(orderOf(own, state), state, ports),
  confirmations: (own, intent) =>
    confirmWord(own, 'SIGN', 'This is the OCSP signer’s certificate that will be signed.', certificateShown(intent)),
  perform: (own, intent, state, ports) => performCertificate(orderOf(own, state), intent, state, ports, own.issuer),
  apply: (own, intent, outcome, { certificates }) => {
    const made = { der: approved(intent, outcome), issuedBy: own.issuer, profile: own.profile, waived: outcome.waived };
    return { certificates: { ...certificates, [own['subject-key']]: { ...made, type: 'ocsp-signer' } } };
  },
  summary: (_, intent, outcome) => [...certificateShown(intent).slice(0, 4), ...signedSummary(outcome)],
});
