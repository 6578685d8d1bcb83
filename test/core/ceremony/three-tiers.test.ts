// Root, a policy CA below it that is offline as well, and an issuing CA below that: what is revoked has issued something.
import { beforeEach, describe, expect, it } from 'vitest';
import type { BundleExpectations, BundleVerdict } from '../../../core/bundle/bundle.ts';
import { certificatesIn } from '../../../core/bundle/certificates-in.ts';
import { verifyBundle } from '../../../core/bundle/verify.ts';
import type { Ceremony } from '../../../core/ceremony/run.ts';
import { fromBase64 } from '../../../core/ports/base64.ts';
import { edited } from '../../support/edited.ts';
import { tools } from '../../support/forge.ts';
import { sha256 } from '../../support/hierarchy.ts';
import { MemoryRoom } from '../../support/memory/room.ts';
import { readShipped } from '../../support/ready-plans.ts';

const { text: twoTier } = readShipped('two-tier');
const issuing =
  '  - { do: issue-intermediate, profile: issuing-1, issuer: root-r1, subject-key: issuing-i1, by: [administrator, officer] }\n';
const rootCrl = '  - { do: issue-crl, issuer: root-r1, number: next, valid: 180d }\n';
const policyProfile = `  policy-1:
    type: intermediate
    subject: { C: US, O: Example Corp, CN: Example Corp Policy P1 }
    key: ec-p384
    valid: { from: ceremony-day, for: 10y }
    pathLen: 1
    eku: [serverAuth, clientAuth]
    crl: http://pki.example.internal/root-r1.crl
`;
const threeTier = edited(
  twoTier,
  ['  issuing-1:\n', `${policyProfile}  issuing-1:\n`],
  [
    '    crl: http://pki.example.internal/root-r1.crl\n    aia: http://pki.example.internal/root-r1.cer\n    issuance',
    '    crl: http://pki.example.internal/policy-p1.crl\n    aia: http://pki.example.internal/policy-p1.cer\n    issuance',
  ],
  [
    issuing,
    `  - { do: generate-key, token: root, key: policy-p1, by: [administrator, officer] }
  - { do: issue-intermediate, profile: policy-1, issuer: root-r1, subject-key: policy-p1, by: [administrator, officer] }
${issuing.replace('issuer: root-r1', 'issuer: policy-p1')}`,
  ],
  [rootCrl, `${rootCrl}${rootCrl.replace('root-r1', 'policy-p1')}`],
);
const revoking = (acts: string): string =>
  edited(
    readShipped('root-crl').text,
    [
      '  bundle-signer-b1: { token: root }\n',
      '  bundle-signer-b1: { token: root }\n  policy-p1: { token: root }\n  issuing-i1: {}\n',
    ],
    ['  - { do: issue-crl,', `${acts}  - { do: issue-crl,`],
  );
const endsIssuing = '  - { do: revoke, issuer: policy-p1, certificate: issuing-i1, reason: cessationOfOperation }\n';
const endsPolicy = '  - { do: revoke, issuer: root-r1, certificate: policy-p1, reason: cessationOfOperation }\n';
const policyCrl = rootCrl.replace('root-r1', 'policy-p1');

let room: MemoryRoom;
let first: Ceremony;
let before: Uint8Array;

function archiveOf({ state }: Ceremony): Uint8Array {
  return room.media.files.get(`${room.setting.output}/${state.bundle?.file ?? ''}`) ?? new Uint8Array();
}

function loaded(archive: Uint8Array, last?: BundleExpectations['last']): BundleVerdict {
  const rootFingerprint = sha256(fromBase64(first.state.certificates['root-r1']?.der ?? ''));
  const expectations = { rootFingerprint, now: room.now + 60, rehearsal: 'refuse' } as const;
  return verifyBundle(archive, last === undefined ? expectations : { ...expectations, last }, tools);
}

beforeEach(async () => {
  room = new MemoryRoom();
  room.setting = {
    ...room.setting,
    tokens: { root: 'pkcs11:serial=00000000000000r1', issuing: 'pkcs11:serial=00000000000000i1' },
  };
  first = await room.begin(threeTier);
  await room.play(first);
  before = archiveOf(first);
  room.continueFrom(first, sha256(fromBase64(first.state.certificates['root-r1']?.der ?? '')));
  room.setting = { ...room.setting, tokens: { root: 'pkcs11:serial=00000000000000r1' } };
});

describe('a CA between two others', () => {
  it('has a CRL of its own in the bundle, and its issuing CA a chain through it', () => {
    const verdict = loaded(before);
    if (!verdict.ok) throw new Error(verdict.refusal.message);
    expect(verdict.bundle.crls.map(({ issuer }) => issuer)).toEqual(['root-r1', 'policy-p1']);
    expect(verdict.bundle.issuers.map(({ chains }) => chains[0]?.length)).toEqual([1, 2]);
    expect([...certificatesIn(before).keys()].sort()).toEqual([
      'bundle-signer-b1',
      'issuing-i1',
      'policy-p1',
      'root-r1',
    ]);
    expect(certificatesIn(before.subarray(0, 512)).size).toBe(0);
  });

  it('is not revoked while what it issued is in the bundle', async () => {
    expect(await room.refusals(revoking(endsPolicy))).toEqual(['revoke-has-children']);
  });

  it('is revoked after those below it, and leaves with its CRL; the loader believes that because its issuer says so', async () => {
    const held = await room.begin(revoking(`${endsIssuing}${policyCrl}${endsPolicy}`));
    expect(await room.play(held)).toEqual({ kind: 'finished' });
    expect(Object.keys(held.state.crls)).toEqual(['root-r1']);
    const { epoch = 0, sums = '' } = first.state.bundle ?? {};
    const crlNumbers = new Map([
      ['root-r1', 1n],
      ['policy-p1', 1n],
    ]);
    const after = archiveOf(held);
    expect(loaded(after, { epoch, sums, crlNumbers, certificates: certificatesIn(before) })).toMatchObject({
      ok: true,
    });
    // Who does not know which CA it was cannot know that it was revoked.
    expect(loaded(after, { epoch, sums, crlNumbers })).toMatchObject({
      ok: false,
      refusal: { code: 'bundle-crl-missing' },
    });
  });

  it('that is not revoked may not lose its CRL', async () => {
    const held = await room.begin(revoking(`${endsIssuing}${policyCrl}`));
    expect(await room.play(held)).toEqual({ kind: 'finished' });
    const { epoch = 0, sums = '' } = first.state.bundle ?? {};
    const certificates = certificatesIn(before);
    const another = new Map([
      ['root-r1', 1n],
      ['policy-p0', 1n],
    ]);
    const known = new Map([...certificates, ['policy-p0', certificates.get('bundle-signer-b1')] as never]);
    expect(loaded(archiveOf(held), { epoch, sums, crlNumbers: another, certificates: known })).toMatchObject({
      ok: false,
      refusal: { code: 'bundle-crl-missing' },
    });
  });

  it('that was renewed is younger than what it had issued, which stands', async () => {
    const renewal = edited(
      revoking('  - { do: renew-intermediate, certificate: policy-p1, profile: policy-1, issuer: root-r1 }\n'),
      ['profiles: {}\n', `profiles:\n${policyProfile}`],
    );
    const held = await room.begin(renewal);
    expect(await room.play(held)).toEqual({ kind: 'finished' });
    expect(loaded(archiveOf(held))).toMatchObject({ ok: true });
  });
});
