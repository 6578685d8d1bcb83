import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exitCodes } from '../../../tui/cli/exit-codes.ts';
import { bindingText, createRoom, shippedPlan, type RehearsalRoom } from '../../support/rehearsal-room.ts';

const plan = readFileSync(shippedPlan('root'), 'utf8');

/** Replaces text that must be there: a mutation that changes nothing would prove nothing. */
function swap(from: string, to: string): string {
  if (!plan.includes(from)) throw new Error(`the plan has no "${from}"`);
  return plan.replace(from, to);
}

interface BadPlan {
  readonly what: string;
  /** The whole plan, changed. */
  readonly plan?: string;
  /** Changes the room before the run. */
  readonly prepare?: (room: RehearsalRoom) => void;
  readonly code: string;
  /** Line of the plan the refusal must name, where it is about a line. */
  readonly line?: number;
}

const lineOf = (text: string): number => plan.split('\n').findIndex((line) => line.includes(text)) + 1;
const exportLine = '  - { do: export-bundle }\n';

const badPlans: readonly BadPlan[] = [
  { what: 'a tab for indentation', plan: swap('  administrator: 1', '\tadministrator: 1'), code: 'yaml-syntax' },
  { what: 'a key twice', plan: `${plan}title: Another\n`, code: 'yaml-syntax' },
  { what: 'an unknown key at the top', plan: `${plan}skip-lints: [a]\n`, code: 'yaml-unknown-key' },
  {
    what: 'an unknown key in an act',
    plan: swap('{ do: open-token, token: root }', '{ do: open-token, token: root, pin: 1234 }'),
    code: 'yaml-unknown-key',
    line: lineOf('do: open-token'),
  },
  { what: 'a YAML anchor', plan: swap('title: Example', 'title: &t Example'), code: 'yaml-feature' },
  { what: 'a format of the future', plan: swap('coldroot: 1', 'coldroot: 2'), code: 'yaml-invalid-value' },
  { what: 'a missing title', plan: swap('title: Example Corp Root R1\n', ''), code: 'yaml-missing-key' },
  { what: 'an act nobody knows', plan: swap('do: check-room', 'do: check-rooms'), code: 'yaml-invalid-value' },
  {
    what: 'a key type we do not make',
    plan: swap('key: ec-p384', 'key: ec-p521'),
    code: 'yaml-invalid-value',
    line: lineOf('key: ec-p384'),
  },
  { what: 'a country that is not two capitals', plan: swap('{ C: US,', '{ C: us,'), code: 'yaml-invalid-value' },
  {
    what: 'an OU in a CA subject',
    plan: swap('O: Example Corp,', 'O: Example Corp, OU: X,'),
    code: 'yaml-unknown-key',
  },
  {
    what: 'a common name without room for the mark',
    plan: swap('CN: Example Corp Root R1', `CN: ${'R'.repeat(60)}`),
    code: 'yaml-invalid-value',
  },
  {
    what: 'a production subject that looks like a rehearsal',
    plan: swap('CN: Example Corp Root R1', 'CN: REHEARSAL Root'),
    code: 'yaml-invalid-value',
  },
  { what: 'a validity without an end', plan: swap('for: 20y', 'form: 20y'), code: 'yaml-unknown-key' },
  { what: 'a validity with a wrong unit', plan: swap('for: 20y', 'for: 20years'), code: 'yaml-invalid-value' },
  {
    what: 'an impossible date',
    plan: swap('from: ceremony-day', 'from: 2026-02-31T00:00:00Z'),
    code: 'yaml-invalid-value',
  },
  { what: 'a root valid too long (9132 days)', plan: swap('for: 20y', 'for: 9133d'), code: 'lint-refused' },
  { what: 'a root valid too short (2922 days)', plan: swap('for: 20y', 'for: 2921d'), code: 'lint-refused' },
  {
    what: 'a root that starts in the future',
    plan: swap('from: ceremony-day, for: 20y', 'from: 2035-01-01T00:00:00Z, for: 20y'),
    code: 'lint-refused',
    line: lineOf('do: issue-root'),
  },
  {
    what: 'a root that starts in the past',
    plan: swap('from: ceremony-day, for: 20y', 'from: 2025-01-01T00:00:00Z, for: 20y'),
    code: 'lint-refused',
  },
  {
    what: 'a bundle signer that outlives its root',
    plan: swap('from: ceremony-day, for: 10y', 'from: ceremony-day, for: 21y'),
    code: 'lint-refused',
    line: lineOf('do: issue-bundle-signer'),
  },
  { what: 'a CRL valid for more than twelve months', plan: swap('valid: 180d', 'valid: 400d'), code: 'lint-refused' },
  {
    what: 'a bundle that outlives its CRL',
    plan: swap(exportLine, '  - { do: export-bundle, valid: 200d }\n'),
    code: 'export-outlives-crl',
  },
  { what: 'acts before attendance', plan: swap('  - { do: attend }\n', ''), code: 'plan-attend-first' },
  {
    what: 'a token that is never opened',
    plan: swap('  - { do: open-token, token: root }\n', ''),
    code: 'plan-token-not-open',
  },
  {
    what: 'a token nobody bound',
    plan: swap('{ do: open-token, token: root }', '{ do: open-token, token: roof }'),
    code: 'plan-token-unknown',
  },
  { what: 'a profile that is not there', plan: swap('profile: root,', 'profile: rot,'), code: 'plan-profile-unknown' },
  {
    what: 'a profile of the wrong kind',
    plan: swap('do: issue-root, profile: root,', 'do: issue-root, profile: bundle-signer,'),
    code: 'plan-profile-type',
  },
  {
    what: 'a certificate for a key that does not exist',
    plan: swap('subject-key: bundle-signer-b1', 'subject-key: bundle-signer-b2'),
    code: 'plan-key-unknown',
  },
  {
    what: 'a key generated twice',
    plan: swap(exportLine, `  - { do: generate-key, token: root, key: root-r1 }\n${exportLine}`),
    code: 'plan-key-exists',
  },
  {
    what: 'a key without a certificate',
    plan: swap(exportLine, `  - { do: generate-key, token: root, key: spare }\n${exportLine}`),
    code: 'plan-key-unused',
  },
  {
    what: 'a signature by a key that has no certificate yet',
    plan: swap('  - { do: issue-root, profile: root, key: root-r1, by: [administrator, officer] }\n', ''),
    code: 'plan-certificate-unknown',
  },
  {
    what: 'an act after the export',
    plan: swap(exportLine, `${exportLine}  - { do: confirm, say: "Everything is back in the safe." }\n`),
    code: 'plan-export-last',
  },
  {
    what: 'a token no act uses',
    plan: swap('tokens:\n', 'tokens:\n  spare: { for: nothing at all }\n'),
    code: 'plan-unused',
  },
  {
    what: 'two profiles with one subject',
    plan: swap('CN: Example Corp Bundle Signer B1', 'CN: Example Corp Root R1'),
    code: 'plan-subject-reused',
  },
  {
    what: 'a confirmation by a role nobody holds',
    plan: swap('by: [administrator, witness]', 'by: [auditor]'),
    code: 'plan-role-absent',
  },
  {
    what: 'key generation by one person alone',
    plan: plan
      .replace('  officer: { of: 3, quorum: 2 }\n  witness: 1\n', '')
      .replaceAll(/, by: \[administrator, \w+\]/gu, ''),
    code: 'plan-single-person',
  },
  {
    what: 'a quorum larger than its people',
    plan: swap('{ of: 3, quorum: 2 }', '{ of: 2, quorum: 3 }'),
    code: 'yaml-invalid-value',
  },
  {
    what: 'a CRL number that is not one',
    plan: swap('number: next', 'number: 0'),
    code: 'yaml-invalid-value',
    line: lineOf('do: issue-crl'),
  },
  {
    what: 'a waiver of a rule that does not exist',
    plan: `${plan}waivers:\n  - { rule: no-such-rule, object: root, reason: because it is only a test of waivers, clause: none, approver: Ada, expires: 2030-01-01T00:00:00Z }\n`,
    code: 'plan-waiver-rule',
  },
  {
    what: 'a waiver that waives nothing',
    plan: `${plan}waivers:\n  - { rule: cert-version-3, object: root, reason: because it is only a test of waivers, clause: none, approver: Ada, expires: 2030-01-01T00:00:00Z }\n`,
    code: 'waiver-unused',
  },
  {
    what: 'a waiver that has expired',
    plan: `${plan}waivers:\n  - { rule: cert-version-3, object: root, reason: because it is only a test of waivers, clause: none, approver: Ada, expires: 2020-01-01T00:00:00Z }\n`,
    code: 'waiver-expired',
  },
  {
    what: 'a continuation without a previous bundle',
    plan: `${plan}previous: required\n`,
    code: 'binding-previous-missing',
  },
  {
    what: 'existing keys without a previous bundle',
    plan: `${plan}existing: { root-r0: { token: root } }\n`,
    code: 'plan-existing-without-previous',
  },
  {
    what: 'a device that is not there',
    prepare: (room) => room.write('root-binding.yaml', bindingText(room.hsm, { root: 'ffffffffffffffff' })),
    code: 'token-missing',
  },
  {
    what: 'a binding for other tokens',
    prepare: (room) => room.write('root-binding.yaml', bindingText(room.hsm, { issuing: room.serials.issuing })),
    code: 'binding-token-missing',
  },
  {
    what: 'a binding that names a slot',
    prepare: (room) =>
      room.write(
        'root-binding.yaml',
        bindingText(room.hsm, { root: room.serials.root }).replace('pkcs11:', 'pkcs11:slot-id=1;'),
      ),
    code: 'pkcs11-uri-slot',
  },
  {
    what: 'a binding with a PIN in it',
    prepare: (room) =>
      room.write('root-binding.yaml', bindingText(room.hsm, { root: `${room.serials.root}?pin-value=1234` })),
    code: 'pkcs11-uri-pin',
  },
  {
    what: 'a module that is no library',
    prepare: (room) =>
      room.write(
        'root-binding.yaml',
        bindingText({ ...room.hsm, module: '/etc/hostname' }, { root: room.serials.root }),
      ),
    code: 'token-module-unloadable',
  },
  {
    what: 'an output folder with another bundle in it',
    prepare: (room) => room.write('bad/out/example-corp-1.coldroot', 'something else'),
    code: 'media-exists',
  },
  {
    what: 'answers that confirm only some',
    prepare: (room) =>
      room.write('answers.yaml', room.read('answers.yaml').replace('confirm: everything', 'confirm: some')),
    code: 'yaml-invalid-value',
  },
];

describe('a plan that would fail is refused before any token is logged in to', () => {
  let room: RehearsalRoom;
  let untouched: readonly string[];

  beforeAll(async () => {
    room = await createRoom();
    untouched = room.objects();
  });
  afterAll(() => {
    room.remove();
  });

  it('there are at least forty kinds of bad plan', () => {
    expect(new Set(badPlans.map(({ what }) => what)).size).toBeGreaterThanOrEqual(40);
  });

  it('the plan they are made from is itself accepted', async () => {
    const planFile = room.write('good.yaml', plan);
    const checked = await room.run('ceremony', 'check', planFile, '--binding', room.path('root-binding.yaml'));
    expect(checked).toMatchObject({ code: exitCodes.done });
    expect(room.objects()).toEqual(untouched);
  });

  it.each(badPlans)('$what is refused with $code', async ({ plan: text, prepare, code, line }) => {
    const files = { binding: room.read('root-binding.yaml'), answers: room.read('answers.yaml') };
    const planFile = room.write('plan.yaml', text ?? plan);
    prepare?.(room);
    const binding = ['--binding', room.path('root-binding.yaml')];
    const answers = ['--answers', room.path('answers.yaml'), '--dir', room.path('bad')];
    const result = await room.run('ceremony', 'run', planFile, ...binding, ...answers);
    room.write('root-binding.yaml', files.binding);
    room.write('answers.yaml', files.answers);
    expect(result.err).toContain(`[${code}]`);
    expect(result.code).toBe(exitCodes.refused);
    expect(result.err).toContain(line === undefined ? `[${code}]` : `plan.yaml:${line}:`);
    expect(room.objects()).toEqual(untouched);
  });
});
