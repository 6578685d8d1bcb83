import { z } from 'zod';
import { formatUtc, resolveValidity } from '../profile/dates.ts';
import { profileSubject } from '../profile/apply.ts';
import type { PlanProfile } from '../profile/profile.ts';
import { formatName } from '../x509/name.ts';
import { formatSerial } from '../x509/serial.ts';
import { readSpki } from '../x509/spki.ts';
import type { ActPorts } from './act.ts';
import { ceremonyError } from './ceremony-error.ts';
import { fact } from './facts.ts';
import { certificateIntent } from './issuing.ts';
import { certificateNamed } from './lookup.ts';
import type { Fact } from './prompt.ts';
import type { CeremonyState } from './state.ts';

/** A renewed certificate about to be signed, and what is said of the one before it. */
export const renewalIntent = certificateIntent.extend({
  replaced: z.array(z.strictObject({ label: z.string().max(100), value: z.string().max(500) })).max(5),
});

/**
 * The plan says in words what is renewed, and for how long: another name or another kind of key would be another CA, and
 * a certificate that ends no later would renew nothing. Lint compares the rest.
 */
export function requireRenewable(name: string, profile: PlanProfile, state: CeremonyState, ports: ActPorts): void {
  const { tbs } = certificateNamed(state, name);
  const meant = formatName(profileSubject(profile, state.beginning.rehearsal));
  const found = formatName(tbs.subject);
  if (meant !== found) {
    const remedy = 'A renewed certificate keeps its name; for a new name make a new key (intermediate-rollover.yaml).';
    throw ceremonyError('renew-other-subject', `The plan means ${meant}, the certificate is ${found}’s.`, remedy);
  }
  const { algorithm } = readSpki(tbs.spki);
  if (algorithm !== profile.key) {
    const remedy = 'A renewed certificate keeps its key: correct the profile, or name the right certificate.';
    throw ceremonyError('renew-other-key', `The key is ${algorithm}, the profile says ${profile.key}.`, remedy);
  }
  const { notAfter } = resolveValidity(profile.valid, ports.clock.now());
  if (notAfter > tbs.notAfter) return;
  const message = `The renewed certificate would be valid until ${formatUtc(notAfter)}, the one before until ${formatUtc(tbs.notAfter)}.`;
  throw ceremonyError('renew-not-longer', message, 'Give the profile a later end.');
}

/** What is said of the certificate before: it stays valid until it ends. */
export function replacedFacts(label: string, name: string, state: CeremonyState, kept = ''): Fact[] {
  const { serial, notAfter } = certificateNamed(state, name).tbs;
  return [fact(label, `${kept}serial ${formatSerial(serial)}, which stays valid until ${formatUtc(notAfter)}`)];
}
