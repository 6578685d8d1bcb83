import { z } from 'zod';
import { slugSchema, type IssuancePolicy } from '../../bundle/manifest.ts';
import { formatUtc } from '../../profile/dates.ts';
import { profileSubject } from '../../profile/apply.ts';
import { durationSeconds } from '../../profile/duration.ts';
import { formatName } from '../../x509/name.ts';
import { formatSerial } from '../../x509/serial.ts';
import { defineAct } from '../act.ts';
import { ceremonyError } from '../ceremony-error.ts';
import { confirmWord, fact } from '../facts.ts';
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
import { certificateNamed, profileNamed } from '../lookup.ts';
import { actBase } from '../plan-types.ts';
import type { Fact } from '../prompt.ts';
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

/** Same key, same name, other dates: lint compares the two as it compares a cross-certificate. */
function orderOf(own: Config, state: CeremonyState): CertificateOrder {
  const existing = certificateNamed(state, own.certificate);
  const { spki } = existing.tbs;
  return { profileName: own.profile, type: 'intermediate', spki, issuer: own.issuer, existing };
}

function requireRenewable(own: Config, state: CeremonyState): void {
  const { plan, rehearsal } = state.beginning;
  const held = state.certificates[own.certificate];
  if (held?.type !== 'intermediate' || held.issuedBy !== own.issuer) {
    const remedy = 'Name an issuing CA of the bundle, and the CA that issued its certificate.';
    const message = `"${own.certificate}" is no intermediate that "${own.issuer}" issued.`;
    throw ceremonyError('renew-other-issuer', message, remedy);
  }
  const meant = formatName(profileSubject(profileNamed(plan, own.profile, 'intermediate'), rehearsal));
  const found = formatName(certificateNamed(state, own.certificate).tbs.subject);
  if (meant === found) return;
  const remedy = 'A renewed certificate keeps its name; for a new name make a new key (intermediate-rollover.yaml).';
  throw ceremonyError('renew-other-subject', `The plan means ${meant}, the certificate is ${found}’s.`, remedy);
}

/** The old certificate stays valid until it ends: only the issuer's CRL could say otherwise. */
function replaced({ certificate }: Config, state: CeremonyState): readonly Fact[] {
  const { serial, notAfter } = certificateNamed(state, certificate).tbs;
  return [fact('takes the place of', `serial ${formatSerial(serial)}, which stays valid until ${formatUtc(notAfter)}`)];
}

/** An issuing CA's certificate again, for the same key and name. What it takes the place of leaves the bundle. */
export const renewIntermediate = defineAct({
  name: 'renew-intermediate',
  config,
  intent: certificateIntent.extend({
    replaced: z.array(z.strictObject({ label: z.string().max(100), value: z.string().max(500) })).max(5),
  }),
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
    requireRenewable(own, state);
    const made = await prepareCertificate(orderOf(own, state), state, ports);
    return { ...made, replaced: replaced(own, state).map(({ label, value }) => ({ label, value })) };
  },
  confirmations: (own, made) =>
    confirmWord(own, 'SIGN', 'This is the renewed certificate that will be signed. Read it aloud.', [
      ...made.replaced,
      ...certificateShown(made),
    ]),
  perform: (own, made, state, ports) => performCertificate(orderOf(own, state), made, state, ports, own.issuer),
  apply: (own, made, outcome, { certificates, beginning: { plan } }) => {
    const { issuance, eku } = profileNamed(plan, own.profile, 'intermediate');
    const policy: IssuancePolicy = { maxValidity: durationSeconds(issuance.maxValidity), keys: issuance.keys, eku };
    const held = { type: 'intermediate', issuedBy: own.issuer, profile: own.profile, waived: outcome.waived } as const;
    const entry = { ...held, der: approved(made, outcome), policy };
    return { certificates: { ...certificates, [own.certificate]: entry } };
  },
  summary: (_, made, outcome) => [...made.replaced, ...certificateShown(made).slice(0, 4), ...signedSummary(outcome)],
});
