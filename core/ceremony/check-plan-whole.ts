import type { Refusal, Where } from '../ports/coded-error.ts';
import { samePerson } from '../ports/same-person.ts';
import { certificateRules, crlRules } from '../lint/registry.ts';
import { unwaivable } from '../lint/unwaivable.ts';
import type { Plan } from './plan-types.ts';
import { roles, seats } from './roles.ts';

type Locate = (path: readonly PropertyKey[]) => Where;
const remedy = 'Correct the plan, have it reviewed again, and rehearse it.';

/** Names the acts have used. */
interface Used {
  readonly usedProfiles: ReadonlySet<string>;
  readonly usedTokens: ReadonlySet<string>;
  readonly revoking: ReadonlySet<string>;
}

/** What is wrong with a plan apart from its acts: unused names, repeated subjects, waivers, existing keys, roles. */
export function wholeFaults(plan: Plan, locate: Locate, used: Used): Refusal[] {
  const refuse = (code: string, message: string, path: readonly PropertyKey[]): Refusal => ({
    code,
    message,
    remedy,
    where: locate(path),
  });
  const found: Refusal[] = [];
  for (const name of Object.keys(plan.profiles)) {
    if (!used.usedProfiles.has(name)) {
      found.push(refuse('plan-unused', `No act uses the profile "${name}".`, ['profiles', name]));
    }
  }
  for (const name of Object.keys(plan.tokens)) {
    if (!used.usedTokens.has(name) && !approvesOn(plan, name))
      found.push(refuse('plan-unused', `No act uses the token "${name}".`, ['tokens', name]));
  }
  for (const name of used.revoking) {
    const message = `"${name}" revokes a certificate, and no CRL of it follows: nobody would know.`;
    found.push(refuse('plan-revocation-unlisted', message, ['acts']));
  }
  if (plan.rehearsed && !plan.acts.some((act) => act.do === 'export-bundle')) {
    const message = 'A rehearsal is shown by the bundle it leaves, and this plan exports none.';
    found.push(refuse('plan-rehearsed-export', message, ['rehearsed']));
  }
  for (const [index, { do: name }] of plan.acts.entries()) {
    if (plan.previous === 'required' || (name !== 'import-bundle' && name !== 'receipt')) continue;
    const message = `${name} is about the bundle of the ceremony before: say "previous: required".`;
    found.push(refuse('plan-without-previous', message, ['acts', index]));
  }
  const subjects = new Map<string, string>();
  const crosses = new Set(
    plan.acts.flatMap((act) => (act.do === 'cross-certify' ? ((act as { profile?: string }).profile ?? []) : [])),
  );
  for (const [name, { subject }] of Object.entries(plan.profiles)) {
    // A cross-certificate has the subject of another certificate: that is what it is for.
    if (crosses.has(name)) continue;
    const text = JSON.stringify(subject);
    const other = subjects.get(text);
    if (other !== undefined) {
      const message = `The profiles "${other}" and "${name}" have the same subject.`;
      found.push(refuse('plan-subject-reused', message, ['profiles', name, 'subject']));
    }
    subjects.set(text, name);
  }
  return [
    ...found,
    ...waiverFaults(plan, refuse),
    ...existingFaults(plan, refuse),
    ...roleFaults(plan, refuse),
    ...approvalFaults(plan, refuse),
    ...policyFaults(plan, refuse),
  ];
}

type Refuse = (code: string, message: string, path: readonly PropertyKey[]) => Refusal;

function waiverFaults(plan: Plan, refuse: Refuse): Refusal[] {
  const rules = new Set([...certificateRules, ...crlRules].map(({ id }) => id));
  return plan.waivers.flatMap((waiver, index) => {
    const known = Object.hasOwn(plan.profiles, waiver.object) || Object.hasOwn(plan.existing, waiver.object);
    const keyed = plan.acts.some((act) => (act as { key?: string }).key === waiver.object);
    return [
      ...(rules.has(waiver.rule)
        ? []
        : [refuse('plan-waiver-rule', `There is no lint rule "${waiver.rule}".`, ['waivers', index, 'rule'])]),
      ...(unwaivable.has(waiver.rule)
        ? [refuse('plan-waiver-never', `Nobody may waive the rule "${waiver.rule}".`, ['waivers', index, 'rule'])]
        : []),
      ...(known || keyed
        ? []
        : [refuse('plan-waiver-object', `There is nothing named "${waiver.object}".`, ['waivers', index, 'object'])]),
    ];
  });
}

function existingFaults(plan: Plan, refuse: Refuse): Refusal[] {
  const names = Object.keys(plan.existing);
  const found: Refusal[] = [];
  if (names.length > 0 && plan.previous === 'none') {
    found.push(
      refuse(
        'plan-existing-without-previous',
        'Existing keys are known from the previous bundle only: say "previous: required".',
        ['existing'],
      ),
    );
  }
  for (const name of names) {
    const token = plan.existing[name]?.token;
    if (token !== undefined && plan.tokens[token] === undefined) {
      found.push(refuse('plan-token-unknown', `There is no token "${token}".`, ['existing', name, 'token']));
    }
  }
  return found;
}

const underDualControl: ReadonlySet<string> = new Set([
  'generate-key',
  'generate-wrapping-key',
  'backup-key',
  'restore-key',
  'restore-drill',
]);

function roleFaults(plan: Plan, refuse: Refuse): Refusal[] {
  const people = roles.reduce((sum, role) => sum + seats(plan.roles, role).minimum, 0);
  const found: Refusal[] = [];
  if (seats(plan.roles, 'administrator').minimum === 0) {
    found.push(refuse('plan-role-absent', 'A ceremony needs an administrator.', ['roles']));
  }
  const makesKeys = plan.acts.some(({ do: name }) => underDualControl.has(name));
  if (makesKeys && people < 2) {
    const message =
      'Keys are generated, backed up and restored under multi-person control (BR 5.2.2, 6.1.1.1): at least two people must attend.';
    found.push(refuse('plan-single-person', message, ['roles']));
  }
  return found;
}

/** CA certificates that lack a policy which the plan says all of them assert. */
function policyFaults({ policies = [], profiles }: Plan, refuse: Refuse): Refusal[] {
  return Object.entries(profiles).flatMap(([name, profile]) => {
    if (profile.type !== 'intermediate') return [];
    const missing = policies.filter((policy) => !profile.policies.includes(policy));
    if (missing.length === 0) return [];
    const message = `The profile "${name}" lacks the policy ${missing.join(', ')}, which every CA of this plan must assert.`;
    return [refuse('plan-policy-missing', message, ['profiles', name])];
  });
}

/** Whether somebody approves with a key on this token. */
function approvesOn({ approvals }: Plan, token: string): boolean {
  return Object.values(approvals?.keys ?? {}).some((key) => key.token === token);
}

function approvalFaults(plan: Plan, refuse: Refuse): Refusal[] {
  if (plan.approvals === undefined) return [];
  const { quorum, by, keys } = plan.approvals;
  const people = [...new Set(by)].reduce((sum, role) => sum + seats(plan.roles, role).minimum, 0);
  const few = `${quorum} must approve, but only ${people} who may approve need attend.`;
  return [
    ...(people < quorum ? [refuse('plan-approvals-quorum', few, ['approvals', 'quorum'])] : []),
    ...Object.entries(keys)
      .filter(([, { token }]) => plan.tokens[token] === undefined)
      .map(([name, { token }]) => {
        return refuse('plan-token-unknown', `There is no token "${token}".`, ['approvals', 'keys', name, 'token']);
      }),
    ...approverFaults(plan, refuse),
  ];
}

/**
 * An officer's own key is theirs alone: nobody is enrolled twice, no key stands for two people, and each is on a token
 * that nothing else opens. PKCS#11 keeps one login per program and token: on one that is open any PIN would do.
 */
function approverFaults({ approvals, acts }: Plan, refuse: Refuse): Refusal[] {
  const enrolled = Object.entries(approvals?.keys ?? {});
  return enrolled.flatMap(([name, { token, spki }], index) => {
    const before = enrolled.slice(0, index);
    const fault = (code: string, message: string): Refusal => refuse(code, message, ['approvals', 'keys', name]);
    const [namesake] = before.find(([other]) => samePerson(other) === samePerson(name)) ?? [];
    const [twin] = before.find(([, key]) => key.spki === spki) ?? [];
    const [sharer] = before.find(([, key]) => key.token === token) ?? [];
    const opened = acts.some((act) => (act as { readonly token?: string }).token === token);
    return [
      ...(namesake === undefined
        ? []
        : [fault('plan-approver-twice', `"${namesake}" and "${name}" are one person: each is enrolled once.`)]),
      ...(twin === undefined
        ? []
        : [fault('plan-approver-key-shared', `${twin} and ${name} have one key: it would count for two people.`)]),
      ...(sharer === undefined
        ? []
        : [fault('plan-approver-token-shared', `${sharer} and ${name} have one token: each needs one of their own.`)]),
      ...(opened
        ? [
            fault(
              'plan-approver-token-used',
              `The token "${token}" of ${name} is used by an act: any PIN would do then.`,
            ),
          ]
        : []),
    ];
  });
}
