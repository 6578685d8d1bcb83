// The plans that ship: which there are, and what must have happened before each can be held.
import { readdirSync, readFileSync } from 'node:fs';
import { actsByName } from '../../core/ceremony/acts/registry.ts';
import { parsePlan } from '../../core/ceremony/plan.ts';
import type { Plan } from '../../core/ceremony/plan-types.ts';
import { shippedPlan } from './rehearsal-room.ts';

/** Names of the plans that ship. */
export function shippedPlans(): readonly string[] {
  return readdirSync(new URL('../../ceremonies/', import.meta.url))
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => name.replace(/\.yaml$/u, ''))
    .sort();
}

/** A plan that ships, as its reviewers have it. */
export function readShipped(name: string): { readonly text: string; readonly plan: Plan } {
  const text = readFileSync(shippedPlan(name), 'utf8');
  const parsed = parsePlan(text, `${name}.yaml`);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.refusals));
  return { text, plan: parsed.value };
}

/** What was held before, where it is more than the root ceremony. */
const histories: Readonly<Record<string, readonly string[]>> = {
  'restore-drill': ['backup-and-restore-drill'],
  'root-recovery': ['backup-and-restore-drill'],
  'intermediate-rollover': ['root', 'intermediate'],
  'revoke-intermediate': ['root', 'intermediate'],
  'emergency-revocation': ['root', 'intermediate'],
  'ocsp-signer': ['root', 'intermediate'],
  'custodian-change': ['root', 'pin-shares'],
};

/** The ceremonies that come before this one, oldest first: their bundles are what it continues from. */
export function historyOf(name: string): readonly string[] {
  return histories[name] ?? (readShipped(name).plan.previous === 'required' ? ['root'] : []);
}

/** Whether a plan makes a blank token ready for use: then the binding has no serial for it. */
export function initializes(plan: Plan, token: string): boolean {
  const made = plan.acts.map((act) => actsByName.get(act.do)?.references(act, plan).initializes);
  return made.some((one) => one?.token === token && !one.wipe);
}

/** The device that stands for a plan's token in the rooms of the tests, which have two. */
export function deviceOf(token: string): 'root' | 'issuing' {
  return token === 'root' ? 'root' : 'issuing';
}

/** Files that ceremonies write and later ones read: backups of keys, on a medium of their own. */
export function backupsOf(plan: Plan): readonly string[] {
  return [...new Set(plan.acts.flatMap((act) => actsByName.get(act.do)?.references(act, plan).backupFile ?? []))];
}

/** Files the plans name, as they would come on a medium: a CSR made by OpenSSL with a key nobody has any more. */
const media: Readonly<Record<string, string>> = { 'issuing-i1': 'issuing-i1.csr' };

/** Files that a plan gives out, by the names the binding has for them. */
export function givenOutBy(plan: Plan): readonly string[] {
  return plan.acts.flatMap((act) => actsByName.get(act.do)?.references(act, plan).writesFile ?? []);
}

/** Receipts of the issuer that a plan wants, by the names the binding has for them. */
export function receiptsOf(plan: Plan): readonly string[] {
  return plan.acts.flatMap((act) => (act.do === 'receipt' ? [(act as unknown as { readonly file: string }).file] : []));
}

/** The files a plan wants from the binding: the plan's names, and where the fixtures are. */
export function mediaOf(plan: Plan): readonly (readonly [name: string, fixture: URL])[] {
  const receipts = receiptsOf(plan);
  const named = plan.acts.flatMap((act) => actsByName.get(act.do)?.references(act, plan).files ?? []);
  const wanted = [...new Set(named)].filter((name) => !receipts.includes(name));
  return wanted.map((name) => [name, new URL(`../vectors/${media[name] ?? name}`, import.meta.url)]);
}
