// Faults that happened to somebody, row by row as the field notes list them (field/ceremony.md, part e): what stands in the
// plan or on the day, and the rule that refuses it in preflight. Where a part of a row is no plan's fault, a comment says what
// is there instead.
import { readShipped } from '../support/ready-plans.ts';
import { edited as changed, type Edit } from '../support/edited.ts';

const edited = (name: string, ...edits: readonly Edit[]): string => changed(readShipped(name).text, ...edits);

const waiver = (rule: string, object: string): string => `waivers:
  - { rule: ${rule}, object: ${object}, reason: copied forward from the plan of last year, clause: none, approver: Ada, expires: 2030-01-01T00:00:00Z }
`;

/** A second CA below the first, in the plan for two tiers. */
function thirdTier(crl: string): string {
  const profile = `  issuing-2:
    type: intermediate
    subject: { C: US, O: Example Corp, CN: Example Corp Issuing I2 }
    key: ec-p256
    valid: { from: ceremony-day, for: 4y }
    eku: [serverAuth, clientAuth]
    permitted: { dns: [example.internal, localhost], ip: [127.0.0.0/8] }
    crl: ${crl}
acts:
`;
  const acts = `  - { do: generate-key, token: issuing, key: issuing-i2 }
  - { do: issue-intermediate, profile: issuing-2, issuer: issuing-i1, subject-key: issuing-i2 }
  - { do: issue-crl, issuer: issuing-i1 }
  - { do: issue-crl, issuer: root-r1, number: next, valid: 180d }
`;
  return edited(
    'two-tier',
    ['    pathLen: 0\n', '    pathLen: 1\n'],
    ['acts:\n', profile],
    ['  - { do: issue-crl, issuer: root-r1, number: next, valid: 180d }\n', acts],
  );
}

const head = (more: string): readonly [string, string] => ['\nroles:\n', `\n${more}\nroles:\n`];

export interface SeededFault {
  readonly fault: string;
  readonly plan: string;
  /** Code of the refusal, and the lint rule where it is one. */
  readonly code: string;
  readonly rule?: string;
  /** Seconds by which the clock of the room is moved. */
  readonly later?: number;
  /** Which devices stand for the plan's tokens, where it is not the right ones. */
  readonly tokens?: Readonly<Record<string, string>>;
  /** A new hierarchy, in a room with empty tokens. */
  readonly fresh?: true;
}

export interface SeededRow {
  readonly row: string;
  readonly precedent: string;
  readonly faults: readonly SeededFault[];
}

const root = 'pkcs11:serial=00000000000000r1';
const issuing = 'pkcs11:serial=00000000000000i1';

export const seededRows: readonly SeededRow[] = [
  {
    row: 'cross-cert without EKU, lint waived',
    precedent: 'ceremony-demos 2025 cross configs; Mozilla bug 2038351',
    faults: [
      {
        fault: 'a cross-certificate without key purposes, and a waiver for it',
        plan: `${edited('cross-certificate', ['    eku: [serverAuth, clientAuth]\n', ''])}${waiver('intermediate-eku-present', 'root-2-by-1')}`,
        code: 'yaml-missing-key',
      },
      {
        fault: 'a waiver copied forward that nothing needs any more',
        plan: `${readShipped('cross-certificate').text}${waiver('intermediate-eku-present', 'root-2-by-1')}`,
        code: 'waiver-unused',
      },
    ],
  },
  {
    row: 'revocation-date one year late',
    precedent: 'ceremony-demos PR 21',
    faults: [
      {
        fault: 'a revocation dated one year late',
        plan: edited('revoke-intermediate', ['reason: cess', 'at: 2027-11-24T00:00:00Z, reason: cess']),
        code: 'revoke-date',
      },
    ],
  },
  {
    row: 'revoked-certificates key missing (list floats)',
    precedent: 'ceremony-demos PR 21',
    faults: [
      {
        fault: 'a revocation whose certificate is missing from the act',
        plan: edited('revoke-intermediate', ['certificate: issuing-i1, ', '']),
        code: 'yaml-invalid-value',
      },
      {
        fault: 'a list of revoked certificates that floats free of its act',
        plan: `${readShipped('root-crl').text}revoked-certificates: [issuing-i1]\n`,
        code: 'yaml-unknown-key',
      },
    ],
  },
  {
    row: 'input path of last year’s cert',
    precedent: 'ceremony-demos PR 21',
    faults: [
      {
        fault: 'the certificate of another CA',
        plan: edited('cross-certificate', ['certificate: root-r2,', 'certificate: root-r1,']),
        code: 'cross-other-subject',
      },
    ],
  },
  {
    row: 'verify time before notBefore',
    precedent: 'ceremony-demos 2020 and PR 21',
    faults: [
      {
        fault: 'a clock that shows a time before the last ceremony',
        plan: readShipped('root-crl').text,
        later: -2 * 86_400,
        code: 'bundle-created-future',
      },
      {
        fault: 'a root that starts after the day it is signed',
        plan: edited('root', ['from: ceremony-day, for: 20y', 'from: 2026-12-31T00:00:00Z, for: 20y']),
        code: 'lint-refused',
        rule: 'cert-not-before-window',
        fresh: true,
      },
    ],
  },
  {
    row: 'tool version typo / wrong tool version',
    precedent: 'ceremony-demos PR 21 and commit 3f4464f',
    faults: [
      {
        fault: 'a plan for another version of the program',
        plan: edited('root-crl', head('software: { version: 0.20260902.0 }')),
        code: 'software-other-version',
      },
      {
        fault: 'a plan for other bytes of the same version',
        plan: edited('root-crl', head(`software: { version: 0.0.0, sha256: ${'b'.repeat(64)} }`)),
        code: 'software-other-hash',
      },
    ],
  },
  {
    row: 'digitalSignature present/absent against CPS',
    precedent: 'ceremony-demos PR 1',
    faults: [
      {
        fault: 'key usages that the policy does not have',
        plan: edited('intermediate-rollover', [
          '    pathLen: 0\n',
          '    pathLen: 0\n    key-usages: [digitalSignature, keyCertSign, cRLSign]\n',
        ]),
        code: 'yaml-unknown-key',
      },
    ],
  },
  {
    row: 'stale PIN/slot in plan',
    precedent: 'boulder issue 8377',
    faults: [
      {
        fault: 'a PIN in the plan',
        plan: edited('root-crl', ['open-token, token: root }', 'open-token, token: root, pin: "1234" }']),
        code: 'yaml-unknown-key',
      },
      {
        fault: 'a slot in the plan',
        plan: edited('root-crl', ['{ for: the root key and', '{ slot: 3, for: the root key and']),
        code: 'yaml-unknown-key',
      },
      {
        fault: 'a slot in the binding',
        plan: readShipped('root-crl').text,
        tokens: { root: 'pkcs11:slot-id=3' },
        code: 'pkcs11-uri-slot',
      },
      {
        fault: 'a PIN in the binding',
        plan: readShipped('root-crl').text,
        tokens: { root: `${root}?pin-value=1234` },
        code: 'pkcs11-uri-pin',
      },
    ],
  },
  {
    row: 'policy OID missing',
    precedent: 'KIR, Mozilla bug 1921598',
    faults: [
      {
        fault: 'an issuing CA without the policy that the plan says every CA asserts',
        plan: edited('intermediate-rollover', head('policies: [2.23.140.1.2.1]')),
        code: 'plan-policy-missing',
      },
      {
        fault: 'a cross-certificate without it',
        plan: edited('cross-certificate', head('policies: [2.23.140.1.2.1]')),
        code: 'plan-policy-missing',
      },
    ],
  },
  {
    row: 'CDP/AIA pointing to the CA itself',
    precedent: 'IdenTrust, Mozilla bug 1991215',
    faults: [
      {
        fault: 'a CA whose CRL is looked up where its issuer’s own is',
        plan: thirdTier('http://pki.example.internal/root-r1.crl'),
        code: 'lint-refused',
        rule: 'cert-locations-not-issuers-own',
        fresh: true,
      },
    ],
  },
  {
    row: 'SO-PIN dice table lacks a symbol',
    precedent: 'psf-tuf-runbook',
    faults: [
      {
        fault: 'a dice table of the SO PIN that lacks a symbol ("c d f f 0 1", no e)',
        plan: edited('token-initialization', [
          '"cdef01", "234567", "89abcd", "ef----"',
          '"cdff01", "234567", "89abcd", "ff----"',
        ]),
        code: 'plan-dice-symbol-missing',
      },
      {
        fault: 'a dice table of the SO PIN with one e too few and one f too many',
        plan: edited('token-initialization', ['cdef01', 'cdff01']),
        code: 'plan-dice-uneven',
      },
    ],
  },
  {
    row: 'timezone not UTC; wrong USB pulled, log lost',
    precedent: 'ICANN 2014, exceptions E2 and E3',
    faults: [
      {
        fault: 'a time that is not in UTC',
        plan: edited('revoke-intermediate', ['reason: cess', 'at: 2026-11-24T00:00:00+01:00, reason: cess']),
        code: 'yaml-invalid-value',
      },
      // A medium pulled on the day is no fault of a plan: the journal is on the machine's own disk, each record before what
      // it tells of counts (test/faults/ceremony/kill-root-writes.test.ts pulls the plug at every one of them).
    ],
  },
  {
    row: 'smart card / safe failure → postponement',
    precedent: 'ICANN, February 2020',
    faults: [
      {
        fault: 'a device that does not answer any more',
        plan: readShipped('root-crl').text,
        tokens: { root: 'pkcs11:serial=00000000000000r9' },
        code: 'token-missing',
      },
    ],
  },
  {
    row: 'wrong signer device in slot mid-event',
    precedent: 'tuf-on-ci PR 237',
    faults: [
      {
        fault: 'another device, with other keys on it',
        plan: readShipped('root-crl').text,
        tokens: { root: issuing },
        code: 'token-key-not-there',
      },
      {
        fault: 'two devices swapped',
        plan: readShipped('intermediate-rollover').text,
        tokens: { root: issuing, issuing: root },
        code: 'token-key-elsewhere',
      },
      // Changed in the middle of a ceremony: token-other-device, test/core/ceremony/recovery.test.ts.
    ],
  },
  {
    row: 'label renamed by middleware',
    precedent: 'CCAT lessons learned, 2026-04-29',
    faults: [
      {
        fault: 'a binding that also names the label, which is another by now',
        plan: readShipped('root-crl').text,
        tokens: { root: `${root};token=root%20%28UserPIN%29` },
        code: 'token-missing',
      },
      {
        fault: 'a binding that names the label and nothing else',
        plan: readShipped('root-crl').text,
        tokens: { root: 'pkcs11:token=root' },
        code: 'pkcs11-uri-serial-missing',
      },
    ],
  },
  {
    row: 'unit error in limits: exactly 365 d, +1 s, 9132 d, 2922 d, 1098 d',
    precedent: 'BR and CPS bounds',
    faults: [
      {
        fault: 'a CRL for a day longer than twelve months',
        plan: edited('root-crl', ['valid: 180d', 'valid: 366d']),
        code: 'lint-refused',
        rule: 'crl-period',
      },
      {
        fault: 'a root for a day more than 9132',
        plan: edited('root', ['for: 20y', 'for: 9133d']),
        code: 'lint-refused',
        rule: 'root-validity-period',
        fresh: true,
      },
      {
        fault: 'a root for a day less than 2922',
        plan: edited('root', ['for: 20y', 'for: 2921d']),
        code: 'lint-refused',
        rule: 'root-validity-period',
        fresh: true,
      },
      {
        fault: 'an issuing CA that outlives its root',
        plan: edited('intermediate-rollover', ['for: 5y', 'for: 21y']),
        code: 'lint-refused',
        rule: 'cert-within-issuer-validity',
      },
      // 1098 days is one CA's own CPS for its intermediates, no limit of the BR: a plan for it says so in its validity.
    ],
  },
  {
    row: 'P-521 allowed by config, refused later',
    precedent: 'boulder main.go against goodkey',
    faults: [
      {
        fault: 'a curve that is allowed in the plan and refused later',
        plan: edited('intermediate-rollover', ['key: ec-p256', 'key: ec-p521']),
        code: 'yaml-invalid-value',
      },
    ],
  },
  {
    row: 'not in the table: a CRL that repeats a number',
    precedent: 'boulder issue 7062',
    faults: [
      {
        fault: 'a CRL number that was used before',
        plan: edited('root-crl', ['number: next', 'number: 1']),
        code: 'lint-refused',
        rule: 'crl-number-rises',
      },
    ],
  },
  {
    row: 'not in the table: one subject, two CAs',
    precedent: 'hlint (one subject, one key)',
    faults: [
      {
        fault: 'a second issuing CA with the subject of the first',
        plan: edited('intermediate-rollover', ['CN: Example Corp Issuing I2 }', 'CN: Example Corp Issuing I1 }']),
        code: 'subject-reused',
      },
    ],
  },
];
