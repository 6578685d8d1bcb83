import type { Refusal, Where } from '../ports/coded-error.ts';
import type { PlanFault, References } from './act.ts';
import { actsByName } from './acts/registry.ts';
import { algorithmOfKey } from './lookup.ts';
import { backupFaults, knownBackups, openFaults, type Fault, type KnownBackups } from './check-backups.ts';
import type { Plan } from './plan-types.ts';
import { wholeFaults } from './check-plan-whole.ts';
import { seats } from './roles.ts';

type Locate = (path: readonly PropertyKey[]) => Where;
const remedy = 'Correct the plan, have it reviewed again, and rehearse it.';

/** What exists at one point of the plan, as acts make things. */
interface Known {
  readonly keys: Map<string, string | undefined>;
  readonly certificates: Set<string>;
  readonly open: Set<string>;
  readonly usedProfiles: Set<string>;
  readonly usedTokens: Set<string>;
  /** CAs that revoked something no CRL lists yet. */
  readonly revoking: Set<string>;
  readonly backups: KnownBackups;
}

function usesFaults(references: References, plan: Plan, known: Known): Fault[] {
  const faults: Fault[] = [];
  for (const token of [...(references.tokens ?? []), ...(references.opens === undefined ? [] : [references.opens])]) {
    known.usedTokens.add(token);
    if (plan.tokens[token] === undefined) faults.push(['plan-token-unknown', `there is no token "${token}"`]);
    else if (references.opens === undefined && !known.open.has(token)) {
      faults.push(['plan-token-not-open', `the token "${token}" has not been opened by then`]);
    }
  }
  for (const key of references.usesKeys ?? []) {
    if (!known.keys.has(key)) faults.push(['plan-key-unknown', `there is no key "${key}" by then`]);
  }
  const { namesKey: named } = references;
  if (named !== undefined && !known.keys.has(named) && !known.backups.wrapping.has(named)) {
    faults.push(['plan-key-unknown', `there is no key "${named}" by then`]);
  }
  for (const name of references.usesCertificates ?? []) {
    if (!known.certificates.has(name)) {
      faults.push(['plan-certificate-unknown', `there is no certificate of "${name}" by then`]);
    }
  }
  for (const key of references.signsWith ?? []) faults.push(...signingFaults(key, known));
  return faults;
}

/** A token is made ready before anything else is done with it, and no key that is needed is on it. */
function initializingFaults({ initializes }: References, plan: Plan, known: Known): PlanFault[] {
  if (initializes === undefined) return [];
  const { token } = initializes;
  const faults: PlanFault[] = [];
  if (plan.tokens[token] === undefined) faults.push(['plan-token-unknown', `there is no token "${token}"`]);
  else if (known.usedTokens.has(token)) {
    faults.push(['plan-init-late', `the token "${token}" is in use by then: it would have to be initialised before`]);
  }
  const held = [...known.keys].find(([, on]) => on === token)?.[0];
  const approver = Object.entries(plan.approvals?.keys ?? {}).find(([, key]) => key.token === token)?.[0];
  const lost = held === undefined ? approver : `"${held}"`;
  if (lost !== undefined) {
    faults.push(['plan-init-loses-key', `the key of ${lost} is on the token "${token}", and would be lost`]);
  }
  known.usedTokens.add(token);
  return faults;
}

function signingFaults(key: string, known: Known): Fault[] {
  if (!known.keys.has(key)) return [['plan-key-unknown', `there is no key "${key}" by then`]];
  const token = known.keys.get(key);
  if (token === undefined)
    return [['plan-key-elsewhere', `the key "${key}" is on no token of this plan: it cannot sign here`]];
  known.usedTokens.add(token);
  return known.open.has(token)
    ? []
    : [['plan-token-not-open', `the token "${token}" of the key "${key}" has not been opened by then`]];
}

function profileFaults(references: References, plan: Plan, known: Known): Fault[] {
  if (references.profile === undefined) return [];
  const { name, type } = references.profile;
  const profile = plan.profiles[name];
  if (profile === undefined) return [['plan-profile-unknown', `there is no profile "${name}"`]];
  const faults: Fault[] = [];
  if (profile.type !== type)
    faults.push(['plan-profile-type', `the profile "${name}" is of type ${profile.type}, not ${type}`]);
  if (known.usedProfiles.has(name)) {
    faults.push([
      'plan-subject-reused',
      `the profile "${name}" is used twice: two certificates would have one subject`,
    ]);
  }
  known.usedProfiles.add(name);
  return faults;
}

function makesFaults(references: References, plan: Plan, known: Known): Fault[] {
  const faults: Fault[] = [];
  const made = references.makesKey;
  if (made !== undefined) {
    if (known.keys.has(made.key)) faults.push(['plan-key-exists', `there is a key "${made.key}" already`]);
    if (algorithmOfKey(plan, made.key) === undefined) {
      faults.push(['plan-key-unused', `no certificate is made for the key "${made.key}": it would be an orphan`]);
    }
    known.keys.set(made.key, made.token);
  }
  if (references.destroysKey !== undefined) known.keys.delete(references.destroysKey);
  if (references.importsKey !== undefined) {
    if (known.keys.has(references.importsKey)) {
      faults.push(['plan-key-exists', `there is a key "${references.importsKey}" already`]);
    }
    known.keys.set(references.importsKey, undefined);
    if (references.makesCertificate === undefined && algorithmOfKey(plan, references.importsKey) === undefined) {
      const orphan = `no certificate is made for the key "${references.importsKey}": it would be taken in for nothing`;
      faults.push(['plan-key-unused', orphan]);
    }
  }
  const certificate = references.makesCertificate;
  if (certificate !== undefined) {
    if (known.certificates.has(certificate.key)) {
      faults.push(['plan-certificate-exists', `the key "${certificate.key}" has a certificate already`]);
    }
    known.certificates.add(certificate.key);
  }
  if (references.opens !== undefined) {
    if (known.open.has(references.opens))
      faults.push(['plan-token-open', `the token "${references.opens}" is open already`]);
    known.open.add(references.opens);
  }
  return faults;
}

/** A certificate that is revoked is gone; that it is must be told by a CRL. */
function revocationFaults({ revokes, makesCrl }: References, known: Known): Fault[] {
  const faults: Fault[] = [];
  if (revokes?.certificate !== undefined) {
    known.certificates.delete(revokes.certificate);
    if (revokes.certificate === revokes.issuer) faults.push(['plan-revokes-itself', 'no CA revokes itself']);
  }
  if (revokes !== undefined) known.revoking.add(revokes.issuer);
  if (makesCrl !== undefined) known.revoking.delete(makesCrl);
  return faults;
}

function actFaults(plan: Plan, locate: Locate, known: Known): Refusal[] {
  return plan.acts.flatMap((act, index) => {
    const references = actsByName.get(act.do)?.references(act, plan) ?? {};
    const absent = act.by.filter((role) => seats(plan.roles, role).minimum === 0);
    const faults = [
      ...(actsByName.get(act.do)?.faults(act, plan) ?? []),
      ...initializingFaults(references, plan, known),
      ...usesFaults(references, plan, known),
      ...profileFaults(references, plan, known),
      ...makesFaults(references, plan, known),
      ...revocationFaults(references, known),
      ...backupFaults(references, known.keys, known.backups),
      ...absent.map((role): Fault => ['plan-role-absent', `nobody holds the role ${role}`]),
    ];
    if (index > 0 && act.do === 'attend') faults.push(['plan-attend-first', 'people are recorded once, at the start']);
    if (index === 0 && act.do !== 'attend') faults.push(['plan-attend-first', 'the first act must be attend']);
    if (act.do === 'export-bundle' && index !== plan.acts.length - 1) {
      faults.push(['plan-export-last', 'the export must be the last act: what comes after it would not be in it']);
    }
    const where = locate(['acts', index]);
    return faults.map(([code, message]) => ({
      code,
      message: `Act ${index + 1}, ${act.do}: ${message}.`,
      remedy,
      where,
    }));
  });
}

/** Everything that is wrong with a plan as a whole: names, order, roles. The first step of preflight. */
export function checkPlan(plan: Plan, locate: Locate): readonly Refusal[] {
  const known: Known = {
    keys: new Map(Object.entries(plan.existing).map(([name, { token }]) => [name, token])),
    certificates: new Set(Object.keys(plan.existing).filter((name) => plan.existing[name]?.certified === true)),
    open: new Set(),
    usedProfiles: new Set(),
    usedTokens: new Set(),
    revoking: new Set(),
    backups: knownBackups(plan),
  };
  const faults = [...actFaults(plan, locate, known), ...wholeFaults(plan, locate, known)];
  const open = openFaults(known.backups).map(([code, message]) => ({ code, message, remedy, where: locate(['acts']) }));
  return [...faults, ...open];
}
