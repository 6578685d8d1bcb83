import { beforeAll, describe, expect, it } from 'vitest';
import { verifyBundle } from '../../../core/bundle/verify.ts';
import { throwawayKey } from '../../../core/node/throwaway-key.ts';
import { fromBase64 } from '../../../core/ports/base64.ts';
import { utf8 } from '../../../core/ports/bytes.ts';
import type { PlanProfile } from '../../../core/profile/profile.ts';
import { readCertificate, type Certificate } from '../../../core/x509/certificate.ts';
import { basicConstraints } from '../../../core/x509/extensions/basic-constraints.ts';
import { extKeyUsage } from '../../../core/x509/extensions/ext-key-usage.ts';
import { toPem } from '../../../core/x509/pem.ts';
import { forgeCertificate, tools } from '../../support/forge.ts';
import { sha256 } from '../../support/hierarchy.ts';
import { rootPlan } from '../../support/memory/recording.ts';
import { MemoryRoom } from '../../support/memory/room.ts';
import { readShipped } from '../../support/ready-plans.ts';
import { edited as changed, type Edit } from '../../support/edited.ts';

const { text: shipped, plan: shippedPlan } = readShipped('cross-certificate');

const swapped = (...edits: readonly Edit[]): string => changed(shipped, ...edits);

/** The plan for a CA of somebody else, whose certificate comes as a file. */
function alienPlan(publicKey: string, ...edits: readonly (readonly [string, string])[]): string {
  const own = [
    [/ {2}root-2:\n(?: {4}.*\n)+/u.exec(shipped)?.[0] ?? '', ''],
    ['  - { do: generate-key, token: root, key: root-r2, by: [administrator, officer] }\n', ''],
    ['  - { do: issue-root, profile: root-2, key: root-r2, by: [administrator, officer] }\n', ''],
    ['  - { do: issue-crl, issuer: root-r2, number: next, valid: 180d }\n', ''],
    ['certificate: root-r2', `file: theirs, public-key: "${publicKey}"`],
    ['name: root-r2-by-r1', 'name: theirs-by-r1'],
  ] as const;
  return swapped(...own, ...edits);
}

let room: MemoryRoom;
let root: string;
let theirs: Certificate;
let key: Awaited<ReturnType<typeof throwawayKey>>;

function rootProfile(): PlanProfile {
  const profile = shippedPlan.profiles['root-2'];
  if (profile === undefined) throw new Error('no profile');
  return profile;
}

beforeAll(async () => {
  room = new MemoryRoom();
  const first = await room.begin(rootPlan);
  await room.play(first);
  root = sha256(fromBase64(first.state.certificates['root-r1']?.der ?? ''));
  room.continueFrom(first, root);
  key = await throwawayKey('ec-p384');
  theirs = await forgeCertificate(rootProfile(), key.spki, key, { now: room.now });
  room.setting = {
    ...room.setting,
    tokens: { root: 'pkcs11:serial=00000000000000r1' },
    files: { theirs: '/media/theirs' },
  };
});

function bring(certificate: Certificate): void {
  room.media.files.set('/media/theirs', utf8(toPem('CERTIFICATE', certificate.raw)));
}

/** `code`, or `code: rule` where lint refused; empty when the plan passes. No token is used for anything. */
async function refusals(plan: string): Promise<string> {
  const calls = room.root.calls.filter((call) => call === 'sign' || call === 'login').length;
  const checked = await room.check(plan);
  expect(room.root.calls.filter((call) => call === 'sign' || call === 'login')).toHaveLength(calls);
  if (checked.ok) return '';
  return checked.refusals
    .map(({ code, message }) => `${code} ${/: ([a-z]+-[a-z-]+) \(/u.exec(message)?.[1] ?? ''}`.trim())
    .join('; ');
}

describe('a cross-certificate is refused before any token is touched when', () => {
  it.each([
    ['the plan leaves the key purposes out', swapped(['    eku: [serverAuth, clientAuth]\n', '']), 'yaml-missing-key'],
    [
      'the plan means another CA',
      swapped([
        'CN: Example Corp Root R2 }\n    key: ec-p384\n    # The',
        'CN: Example Corp Root R9 }\n    key: ec-p384\n    # The',
      ]),
      'cross-other-subject',
    ],
    [
      'the plan means another kind of key',
      swapped(['    key: ec-p384\n    # The', '    key: rsa-4096\n    # The']),
      'cross-key-algorithm',
    ],
    [
      'a CA would vouch for itself',
      swapped(
        ['certificate: root-r2,', 'certificate: root-r1,'],
        [
          'CN: Example Corp Root R2 }\n    key: ec-p384\n    # The',
          'CN: Example Corp Root R1 }\n    key: ec-p384\n    # The',
        ],
      ),
      'lint-refused cert-key-not-issuers',
    ],
    ['it outlives its issuer', swapped(['for: 5y', 'for: 21y']), 'lint-refused cert-within-issuer-validity'],
    [
      'its issuer has vouched for that CA already',
      swapped(
        [
          '  - { do: issue-crl, issuer: root-r1',
          '  - { do: cross-certify, name: again, profile: again, issuer: root-r1, certificate: root-r2 }\n  - { do: issue-crl, issuer: root-r1',
        ],
        [
          '  root-2-by-1:\n',
          '  again: { type: intermediate, subject: { C: US, O: Example Corp, CN: Example Corp Root R2 }, key: ec-p384, valid: { for: 5y }, eku: [serverAuth], crl: "http://pki.example.internal/x.crl" }\n  root-2-by-1:\n',
        ],
      ),
      'cross-exists',
    ],
  ])('%s', async (_, plan, code) => {
    expect(await refusals(plan)).toBe(code);
  });

  it('the public key is not the one the plan names', async () => {
    bring(theirs);
    expect(await refusals(alienPlan('ab'.repeat(32)))).toBe('cross-other-key');
    expect(await refusals(alienPlan(sha256(theirs.tbs.spki)))).toBe('');
  });

  it('a certificate of the right name has another key', async () => {
    const other = await throwawayKey('ec-p384');
    bring(await forgeCertificate(rootProfile(), other.spki, other, { now: room.now }));
    expect(await refusals(alienPlan(sha256(theirs.tbs.spki)))).toBe('cross-other-key');
  });

  it('the path length of the existing certificate is lost, or its key purposes are', async () => {
    const limited = (purposes: Parameters<typeof extKeyUsage>[0], pathLength: number): Promise<Certificate> =>
      forgeCertificate(rootProfile(), key.spki, key, {
        now: room.now,
        change: ({ extensions }) => ({
          extensions: [
            ...extensions.filter(({ oid }) => oid !== basicConstraints({ ca: true }).oid),
            basicConstraints({ ca: true, pathLength }),
            extKeyUsage(purposes),
          ],
        }),
      });
    bring(await limited(['serverAuth', 'clientAuth'], 0));
    expect(await refusals(alienPlan(sha256(key.spki)))).toBe('lint-refused cross-path-length-carried');
    bring(await limited(['serverAuth'], 1));
    expect(await refusals(alienPlan(sha256(key.spki)))).toBe('lint-refused cross-eku-carried');
    bring(await limited(['serverAuth', 'clientAuth'], 1));
    expect(await refusals(alienPlan(sha256(key.spki)))).toBe('');
  });

  it('a file has no public key to compare it with, or is no certificate', async () => {
    const bare = alienPlan('x').replace(', public-key: "x"', '');
    expect(await refusals(bare)).toBe('yaml-invalid-value');
    room.media.files.set('/media/theirs', utf8('nothing'));
    expect(await refusals(alienPlan(sha256(key.spki)))).not.toBe('');
  });
});

describe('a cross-certificate', () => {
  it('has name and key of the existing certificate, and leads the issuers of the new root to the old one', async () => {
    const issuing = `  - { do: generate-key, token: root, key: issuing-i3 }
  - { do: issue-intermediate, profile: issuing-3, issuer: root-r2, subject-key: issuing-i3 }
  - { do: issue-crl, issuer: root-r1`;
    const profile = `  issuing-3: { type: intermediate, subject: { C: US, O: Example Corp, CN: Example Corp Issuing I3 }, key: ec-p256, valid: { for: 2y }, eku: [serverAuth], crl: "http://pki.example.internal/root-r2.crl" }
  root-2-by-1:\n`;
    const plan = swapped(['  - { do: issue-crl, issuer: root-r1', issuing], ['  root-2-by-1:\n', profile]);
    const held = await room.begin(plan);
    expect(await room.play(held)).toEqual({ kind: 'finished' });
    const read = (name: string): Certificate => readCertificate(fromBase64(held.state.certificates[name]?.der ?? ''));
    const [cross, own] = [read('root-r2-by-r1').tbs, read('root-r2').tbs];
    expect(cross.subject).toEqual(own.subject);
    expect(cross.spki).toEqual(own.spki);
    const archive = room.media.files.get(`/out-2/${held.state.bundle?.file ?? ''}`) ?? new Uint8Array();
    const expected = { rootFingerprint: root, now: room.now, rehearsal: 'refuse' } as const;
    const verdict = verifyBundle(archive, expected, tools);
    if (!verdict.ok) throw new Error(verdict.refusal.message);
    const chains = verdict.bundle.issuers.map(({ entry, chains: ways }) => [entry.name, ways.map((way) => way.length)]);
    // To the pinned root over the cross-certificate; and, for clients that know it already, to the new one.
    expect(chains).toEqual([['issuing-i3', [2, 1]]]);
    room.continueFrom(held, root);
    room.setting = { ...room.setting, tokens: { root: 'pkcs11:serial=00000000000000r1' } };
    const existing = '  root-r1: { token: root }\n';
    const more = `${existing}  root-r2: { token: root }\n  issuing-i3: { token: root }\n`;
    const next = await room.begin(readShipped('root-crl').text.replace(existing, more));
    expect(await room.play(next)).toEqual({ kind: 'finished' });
    expect(next.state.certificates['root-r2-by-r1']?.der).toBe(held.state.certificates['root-r2-by-r1']?.der);
  });
});
