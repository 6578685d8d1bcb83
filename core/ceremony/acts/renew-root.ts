import { z } from 'zod';
import { slugSchema } from '../../bundle/manifest.ts';
import { fromBase64 } from '../../ports/base64.ts';
import { equalBytes } from '../../ports/bytes.ts';
import { defineAct } from '../act.ts';
import { ceremonyError } from '../ceremony-error.ts';
import { confirmWord } from '../facts.ts';
import {
  approved,
  certificateShown,
  performCertificate,
  prepareCertificate,
  signedOutcome,
  signedSummary,
  type CertificateOrder,
} from '../issuing.ts';
import { certificateNamed, keyNamed, profileNamed } from '../lookup.ts';
import { actBase } from '../plan-types.ts';
import { renewalIntent, replacedFacts, requireRenewable } from '../renewing.ts';
import type { CeremonyState } from '../state.ts';

const config = z.strictObject({
  do: z.literal('renew-root'),
  /** Name of the root: of its key, and from now on of its new certificate. */
  certificate: slugSchema,
  /** The name under which its certificate of today stays in the bundle: whoever trusts it goes on doing so. */
  former: slugSchema,
  profile: slugSchema,
  ...actBase,
});
type Config = z.infer<typeof config>;

/** The key is that of the certificate there is, and no other: the token is asked for it by its public half. */
function orderOf({ certificate, profile }: Config, state: CeremonyState): CertificateOrder {
  const existing = certificateNamed(state, certificate);
  const { spki } = existing.tbs;
  return { profileName: profile, type: 'root', spki, issuer: undefined, existing, renewal: true };
}

function requireRoot({ certificate }: Config, state: CeremonyState): void {
  const { spki } = certificateNamed(state, certificate).tbs;
  const sameKey = equalBytes(fromBase64(keyNamed(state, certificate).spki), spki);
  if (state.certificates[certificate]?.type === 'root' && sameKey) return;
  const remedy = 'Name a root of the bundle (coldroot bundle show); an issuing CA is renewed by renew-intermediate.';
  throw ceremonyError('renew-no-root', `"${certificate}" is no root, or its key is not the one of its name.`, remedy);
}

/** A root’s certificate again, for the same key and name. Both stay in the bundle and both are trusted. */
export const renewRoot = defineAct({
  name: 'renew-root',
  config,
  intent: renewalIntent,
  outcome: signedOutcome,
  references: (own) => ({
    profile: { name: own.profile, type: 'root' },
    signsWith: [own.certificate],
    usesCertificates: [own.certificate],
    makesCertificate: { key: own.former, profile: own.profile },
  }),
  describe: (own) => ({
    headline: `Renew the root certificate "${own.certificate}" for the same key`,
    why: 'The key is trusted for longer. Clients must be given the new certificate; those who pin the old one lose nothing.',
    onToken: `Signs once with "${own.certificate}".`,
  }),
  questions: () => [],
  prepare: async (own, state, ports) => {
    requireRoot(own, state);
    requireRenewable(own.certificate, profileNamed(state.beginning.plan, own.profile, 'root'), state, ports);
    const made = await prepareCertificate(orderOf(own, state), state, ports);
    const replaced = replacedFacts('certificate before', own.certificate, state, `from now on "${own.former}": `);
    return { ...made, replaced: replaced.map(({ label, value }) => ({ label, value })) };
  },
  confirmations: (own, made) =>
    confirmWord(own, 'SIGN', 'This is the renewed root certificate that will be signed. Read it aloud.', [
      ...made.replaced,
      ...certificateShown(made),
    ]),
  perform: (own, made, state, ports) => performCertificate(orderOf(own, state), made, state, ports, own.certificate),
  apply: (own, made, outcome, { certificates }) => {
    const before = certificates[own.certificate];
    const held = { type: 'root', issuedBy: own.certificate, profile: own.profile, waived: outcome.waived } as const;
    const entry = { ...held, der: approved(made, outcome) };
    const kept = before === undefined ? {} : { [own.former]: { ...before, issuedBy: own.former } };
    return { certificates: { ...certificates, [own.certificate]: entry, ...kept } };
  },
  summary: (_, made, outcome) => [...made.replaced, ...certificateShown(made).slice(0, 4), ...signedSummary(outcome)],
});
