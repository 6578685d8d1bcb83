import { fromBase64 } from '../ports/base64.ts';
import type { KeyAlgorithmName } from '../ports/algorithm-names.ts';
import type { PlanProfile } from '../profile/profile.ts';
import { readCertificate, type Certificate } from '../x509/certificate.ts';
import { readCrl, type CertificateList } from '../x509/crl.ts';
import { impossible } from './ceremony-error.ts';
import type { Plan } from './plan-types.ts';
import type { CeremonyKey, CeremonyState } from './state.ts';

/** Looks names up in a ceremony's state. The check of the plan has made sure that they are there. */
export function keyNamed(state: CeremonyState, name: string): CeremonyKey {
  const key = state.keys[name];
  if (key === undefined) throw impossible(`The key ${name} is not known`);
  return key;
}

/** The logical token a key is on. */
export function tokenOfKey(state: CeremonyState, name: string): string {
  const { token } = keyNamed(state, name);
  if (token === undefined) throw impossible(`The key ${name} is on no token`);
  return token;
}

export function certificateNamed(state: CeremonyState, name: string): Certificate {
  const entry = state.certificates[name];
  if (entry === undefined) throw impossible(`The certificate of ${name} is not known`);
  return readCertificate(fromBase64(entry.der));
}

export function crlOf(state: CeremonyState, issuer: string): CertificateList | undefined {
  const entry = state.crls[issuer];
  return entry === undefined ? undefined : readCrl(fromBase64(entry.der));
}

export function profileNamed<T extends PlanProfile['type']>(
  plan: Plan,
  name: string,
  type: T,
): Extract<PlanProfile, { type: T }> {
  const profile = plan.profiles[name];
  if (profile === undefined || profile.type !== type) throw impossible(`The profile ${name} is not of type ${type}`);
  return profile as Extract<PlanProfile, { type: T }>;
}

/** The token a plan has a key on: where an act generates it, or where it is from an earlier ceremony. */
export function plannedTokenOf(plan: Plan, key: string): string | undefined {
  for (const act of plan.acts) {
    const own = act as { readonly token?: string; readonly key?: string };
    const generates = act.do === 'generate-key' || act.do === 'generate-wrapping-key';
    if (generates && own.key === key) return own.token;
  }
  return plan.existing[key]?.token;
}

/** The token on which an act of this plan generates a key; none for a key that is from elsewhere. */
export function generatedOn(plan: Plan, key: string): readonly string[] {
  return plan.existing[key] === undefined ? [plannedTokenOf(plan, key)].filter((token) => token !== undefined) : [];
}

/** The algorithm of the key an act generates or takes in: that of the profile whose certificate certifies it. */
export function algorithmOfKey(plan: Plan, key: string): KeyAlgorithmName | undefined {
  for (const act of plan.acts) {
    const certifies = act as { readonly profile?: string; readonly key?: string; readonly 'subject-key'?: string };
    if (certifies.profile === undefined) continue;
    if (certifies.key === key || certifies['subject-key'] === key) return plan.profiles[certifies.profile]?.key;
  }
  return undefined;
}
