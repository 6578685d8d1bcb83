import { z } from 'zod';
import { slugSchema } from '../bundle/manifest.ts';
import { fromBase64 } from '../ports/base64.ts';
import { defineAct, type AnyAct } from './act.ts';
import { confirmWord } from './facts.ts';
import {
  approved,
  certificateIntent,
  certificateShown,
  performCertificate,
  prepareCertificate,
  signedOutcome,
  signedSummary,
  type CertificateOrder,
} from './issuing.ts';
import { generatedOn, keyNamed } from './lookup.ts';
import { actBase } from './plan-types.ts';
import type { CeremonyState } from './state.ts';

/** What is its own about an act that certifies a key for one use of a signer. */
export interface SignerAct {
  readonly name: string;
  readonly type: 'bundle-signer' | 'ocsp-signer';
  readonly headline: (own: { readonly issuer: string; readonly subjectKey: string }) => string;
  readonly why: string;
  /** What is shown before the word is typed. */
  readonly shown: string;
}

/** An act that issues the certificate of a signer which is no CA: issued by `issuer`, for that use and no other. */
export function defineSignerAct({ name, type, headline, why, shown }: SignerAct): AnyAct {
  const config = z.strictObject({
    do: z.literal(name),
    profile: slugSchema,
    /** Key name of the CA that certifies it: the root for bundles, the CA that is answered for in OCSP. */
    issuer: slugSchema,
    'subject-key': slugSchema,
    ...actBase,
  });
  const orderOf = (own: z.infer<typeof config>, state: CeremonyState): CertificateOrder => {
    const spki = fromBase64(keyNamed(state, own['subject-key']).spki);
    return { profileName: own.profile, type, spki, issuer: own.issuer };
  };
  return defineAct({
    name,
    config,
    intent: certificateIntent,
    outcome: signedOutcome,
    references: (own, plan) => ({
      tokens: generatedOn(plan, own['subject-key']),
      profile: { name: own.profile, type },
      signsWith: [own.issuer],
      usesKeys: [own['subject-key']],
      usesCertificates: [own.issuer],
      makesCertificate: { key: own['subject-key'], profile: own.profile },
    }),
    describe: (own) => ({
      headline: headline({ issuer: own.issuer, subjectKey: own['subject-key'] }),
      why,
      onToken: `Signs once with "${own.issuer}".`,
    }),
    questions: () => [],
    prepare: (own, state, ports) => prepareCertificate(orderOf(own, state), state, ports),
    confirmations: (own, intent) => confirmWord(own, 'SIGN', shown, certificateShown(intent)),
    perform: (own, intent, state, ports) => performCertificate(orderOf(own, state), intent, state, ports, own.issuer),
    apply: (own, intent, outcome, { certificates }) => {
      const { issuer: issuedBy, profile } = own;
      const made = { der: approved(intent, outcome), issuedBy, profile, waived: outcome.waived, type };
      return { certificates: { ...certificates, [own['subject-key']]: made } };
    },
    summary: (_, intent, outcome) => [...certificateShown(intent).slice(0, 4), ...signedSummary(outcome)],
  });
}
