import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkPlan } from '../../../core/ceremony/check-plan.ts';
import { parsePlan } from '../../../core/ceremony/plan.ts';
import { shippedPlan } from '../../support/rehearsal-room.ts';
import { edited as changed, type Edit } from '../../support/edited.ts';

const shipped = {
  root: readFileSync(shippedPlan('root'), 'utf8'),
  intermediate: readFileSync(shippedPlan('intermediate'), 'utf8'),
};

const edited = (name: keyof typeof shipped, ...edits: readonly Edit[]): string => changed(shipped[name], ...edits);

/** `code line` of every fault of a plan that parses. */
function faults(text: string): readonly string[] {
  const parsed = parsePlan(text, 'plan.yaml');
  if (!parsed.ok) return parsed.refusals.map(({ code }) => code);
  return checkPlan(parsed.value, parsed.locate).map(({ code, where }) => `${code} ${where?.line}`);
}

function lineOf(text: string, part: string): number {
  return text.split('\n').findIndex((line) => line.includes(part)) + 1;
}

const exporting = '  - { do: export-bundle }\n';
const csr =
  '{ do: issue-intermediate, profile: issuing-1, issuer: root-r1, csr: issuing-i1, by: [administrator, officer] }';
const ownKey =
  '{ do: issue-intermediate, profile: issuing-1, issuer: root-r1, subject-key: issuing-i1, by: [administrator, officer] }';
const generated = '  - { do: generate-key, token: issuing, key: issuing-i1, by: [administrator, officer] }\n';
const waiver = (rule: string, object: string): string => `waivers:
  - { rule: ${rule}, object: ${object}, reason: because it is only a test of waivers, clause: none, approver: Ada, expires: 2030-01-01T00:00:00Z }
`;

/** What is wrong, where the refusal must point, and with which code. */
const wrong: readonly (readonly [what: string, code: string, at: string, plan: string])[] = [
  [
    'a token that is opened but not named',
    'plan-token-unknown',
    'open-token',
    edited('root', ['{ do: open-token, token: root }', '{ do: open-token, token: roof }']),
  ],
  [
    'an existing key on a token that is not named',
    'plan-token-unknown',
    'root-r1: {',
    edited('intermediate', ['root-r1: { token: root }', 'root-r1: { token: roof }']),
  ],
  [
    'a token used before it is opened',
    'plan-token-not-open',
    'do: inventory',
    edited('root', ['  - { do: open-token, token: root }\n', '']),
  ],
  [
    'a signature before the token is opened',
    'plan-token-not-open',
    'issue-intermediate',
    edited('intermediate', ['  - { do: open-token, token: root }\n', '']),
  ],
  [
    'a token opened twice',
    'plan-token-open',
    'export-bundle',
    edited('root', [exporting, `  - { do: open-token, token: root } # export-bundle\n${exporting}`]),
  ],
  [
    'a key that is not there yet',
    'plan-key-unknown',
    'issue-bundle-signer',
    edited('root', ['subject-key: bundle-signer-b1', 'subject-key: bundle-signer-b2']),
  ],
  [
    'a key that signs and is not there',
    'plan-key-unknown',
    'issue-crl',
    edited('root', ['do: issue-crl, issuer: root-r1', 'do: issue-crl, issuer: root-r2']),
  ],
  [
    'a key that came as a CSR and shall sign',
    'plan-key-elsewhere',
    'issue-crl, issuer: issuing',
    edited(
      'intermediate',
      [generated, ''],
      [ownKey, csr],
      ['do: issue-crl, issuer: root-r1', 'do: issue-crl, issuer: issuing-i1'],
    ),
  ],
  [
    'a certificate that is not there',
    'plan-certificate-unknown',
    'issue-crl',
    edited('root', ['  - { do: issue-root, profile: root, key: root-r1, by: [administrator, officer] }\n', '']),
  ],
  [
    'a profile that is not there',
    'plan-profile-unknown',
    'issue-root',
    edited('root', ['profile: root,', 'profile: rot,']),
  ],
  [
    'a profile of the wrong kind',
    'plan-profile-type',
    'issue-root',
    edited('root', ['do: issue-root, profile: root,', 'do: issue-root, profile: bundle-signer,']),
  ],
  [
    'a profile used twice',
    'plan-subject-reused',
    'export-bundle',
    edited('root', [exporting, `  - { do: issue-root, profile: root, key: root-r1 } # export-bundle\n${exporting}`]),
  ],
  [
    'two profiles with one subject',
    'plan-subject-reused',
    'CN: Example Corp Root R1 } #',
    edited('root', ['CN: Example Corp Bundle Signer B1 }', 'CN: Example Corp Root R1 } #']),
  ],
  [
    'a key made twice',
    'plan-key-exists',
    '# again',
    edited('root', [exporting, `  - { do: generate-key, token: root, key: root-r1 } # again\n${exporting}`]),
  ],
  [
    'a CSR by the name of a key that exists',
    'plan-key-exists',
    'csr: root-r1',
    edited('intermediate', [generated, ''], [ownKey, csr.replace('csr: issuing-i1', 'csr: root-r1')]),
  ],
  [
    'a key without a certificate',
    'plan-key-unused',
    'key: spare',
    edited('root', [exporting, `  - { do: generate-key, token: root, key: spare }\n${exporting}`]),
  ],
  [
    'a second certificate for a key',
    'plan-certificate-exists',
    'csr: root-r1',
    edited('intermediate', [generated, ''], [ownKey, csr.replace('csr: issuing-i1', 'csr: root-r1')]),
  ],
  [
    'a confirmation by a role nobody holds',
    'plan-role-absent',
    'by: [auditor]',
    edited('root', ['by: [administrator, witness]', 'by: [auditor]']),
  ],
  ['no administrator', 'plan-role-absent', 'roles:', edited('root', ['administrator: 1', 'administrator: 0'])],
  ['no attendance', 'plan-attend-first', 'check-room', edited('root', ['  - { do: attend }\n', ''])],
  [
    'a second attendance',
    'plan-attend-first',
    '# again',
    edited('root', [exporting, `  - { do: attend } # again\n${exporting}`]),
  ],
  [
    'an act after the export',
    'plan-export-last',
    'export-bundle',
    edited('root', [exporting, `${exporting}  - { do: confirm, say: "Everything is back." }\n`]),
  ],
  [
    'a token nobody uses',
    'plan-unused',
    'spare:',
    edited('root', ['tokens:\n', 'tokens:\n  spare: { for: nothing at all }\n']),
  ],
  [
    'a profile nobody uses',
    'plan-unused',
    'spare:',
    edited('root', [
      'profiles:\n',
      'profiles:\n  spare: { type: root, subject: { C: US, O: Example Corp, CN: Spare }, key: ec-p384, valid: { for: 20y } }\n',
    ]),
  ],
  ['a waiver of no rule', 'plan-waiver-rule', 'no-such-rule', `${shipped.root}${waiver('no-such-rule', 'root')}`],
  [
    'a waiver of what no CA can be without',
    'plan-waiver-never',
    'ca-basic-constraints',
    `${shipped.root}${waiver('ca-basic-constraints', 'root')}`,
  ],
  [
    'a waiver for nothing',
    'plan-waiver-object',
    'cert-version-3',
    `${shipped.root}${waiver('cert-version-3', 'toor')}`,
  ],
  [
    'existing keys without a bundle they are known from',
    'plan-existing-without-previous',
    'existing:',
    edited('intermediate', ['previous: required\n', '']),
  ],
  [
    'a revocation that no CRL lists',
    'plan-revocation-unlisted',
    'acts:',
    edited('root', [exporting, `  - { do: revoke, issuer: root-r1, file: old, reason: superseded }\n${exporting}`]),
  ],
  [
    'a CA that revokes itself',
    'plan-revokes-itself',
    'do: revoke',
    edited('root', [
      exporting,
      `  - { do: revoke, issuer: root-r1, certificate: root-r1, reason: superseded }\n${exporting}`,
    ]),
  ],
  [
    'a CA without a policy that every CA asserts',
    'plan-policy-missing',
    'issuing-1:',
    edited('intermediate', ['\nroles:\n', '\npolicies: [2.23.140.1.2.1]\nroles:\n']),
  ],
  [
    'more approvals than people who may give them',
    'plan-approvals-quorum',
    'approvals:',
    edited('root', ['acts:\n', 'approvals: { quorum: 4, by: [officer, witness] }\nacts:\n']),
  ],
  ...(
    [
      [
        'a person enrolled under two spellings',
        'plan-approver-twice',
        'olga one:',
        '{ Olga One: { token: own-1, spki: A }, "olga one": { token: own-2, spki: B } }',
      ],
      [
        'one key that counts for two people',
        'plan-approver-key-shared',
        'Omar Two:',
        '{ Olga One: { token: own-1, spki: A }, Omar Two: { token: own-2, spki: A } }',
      ],
      [
        'one token, and so one PIN, with the keys of two people',
        'plan-approver-token-shared',
        'Omar Two:',
        '{ Olga One: { token: own-1, spki: A }, Omar Two: { token: own-1, spki: B } }',
      ],
      [
        'an officer’s key on a token that is open already',
        'plan-approver-token-used',
        'Olga One:',
        '{ Olga One: { token: root, spki: A } }',
      ],
    ] as const
  ).map(([what, code, at, keys]): (typeof wrong)[number] => {
    const spkis = keys.replaceAll(/: ([AB]) /gu, (_, letter: string) => `: ${letter.toLowerCase().repeat(64)} `);
    const people = spkis.replaceAll(/, (?=[O"])/gu, ',\n    ').replace('{ O', '{\n    O');
    return [
      what,
      code,
      at.replace('olga one:', '"olga one":'),
      edited(
        'root',
        ['\ntokens:', '\ntokens:\n  own-1: { for: an own key }\n  own-2: { for: an own key }'],
        ['acts:\n', `approvals:\n  quorum: 1\n  by: [officer]\n  keys: ${people}\nacts:\n`],
      ),
    ];
  }),
  [
    'a token that is initialised when it is in use',
    'plan-init-late',
    'init-token',
    edited('root', [exporting, `  - { do: init-token, token: root, label: again }\n${exporting}`]),
  ],
  [
    'a token that is initialised with a key of the hierarchy on it',
    'plan-init-loses-key',
    'init-token',
    edited('intermediate', [
      '  - { do: open-token, token: root }\n',
      '  - { do: init-token, token: root, label: again }\n  - { do: open-token, token: root }\n',
    ]),
  ],
  [
    'a bundle of the last ceremony where there was none',
    'plan-without-previous',
    'import-bundle',
    edited('root', ['  - { do: check-room }\n', '  - { do: check-room }\n  - { do: import-bundle }\n']),
  ],
  [
    'a plan that must be rehearsed and leaves nothing that shows it',
    'plan-rehearsed-export',
    'rehearsed:',
    edited('root', [exporting, ''], ['\nroles:\n', '\nrehearsed: true\nroles:\n']),
  ],
  [
    'keys made by one person alone',
    'plan-single-person',
    'roles:',
    edited('root', ['officer: { of: 3, quorum: 2 }', 'officer: 0'], ['  witness: 1', '  witness: 0']),
  ],
];

describe('the check of a plan as a whole', () => {
  it('has nothing against the plans that ship', () => {
    for (const text of Object.values(shipped)) expect(faults(text)).toEqual([]);
  });

  it.each(wrong)('refuses %s: %s', (_, code, at, plan) => {
    expect(faults(plan)).toContain(`${code} ${lineOf(plan, at)}`);
  });

  it('has a case here for each of its codes', () => {
    const source = ['check-plan', 'check-plan-whole']
      .map((name) => readFileSync(new URL(`../../../core/ceremony/${name}.ts`, import.meta.url), 'utf8'))
      .join('');
    const codes = new Set(Array.from(source.matchAll(/'(plan-[a-z-]+)'/gu), ([, code = '']) => code));
    expect([...codes].sort()).toEqual([...new Set(wrong.map(([, code]) => code))].sort());
  });

  it('says everything that is wrong at once, and what to do', () => {
    const plan = edited(
      'root',
      ['  - { do: attend }\n', ''],
      ['profile: root,', 'profile: rot,'],
      ['by: [administrator, witness]', 'by: [auditor]'],
    );
    const parsed = parsePlan(plan, 'plan.yaml');
    if (!parsed.ok) throw new Error('refused');
    const refusals = checkPlan(parsed.value, parsed.locate);
    expect(new Set(refusals.map(({ code }) => code)).size).toBeGreaterThanOrEqual(4);
    for (const { message, remedy, where } of refusals) {
      expect([message, remedy]).toEqual([expect.stringMatching(/\.$/u), expect.stringMatching(/\.$/u)]);
      expect(where?.file).toBe('plan.yaml');
    }
  });

  it('takes no name that every object in JavaScript answers to', () => {
    expect(
      faults(edited('root', ['{ do: open-token, token: root }', '{ do: open-token, token: constructor }'])),
    ).toContain('yaml-invalid-value');
    expect(faults(`${shipped.root}${waiver('cert-version-3', 'toString')}`)).toContain(
      `plan-waiver-object ${lineOf(shipped.root + waiver('cert-version-3', 'toString'), 'cert-version-3')}`,
    );
  });
});
