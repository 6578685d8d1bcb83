import { beforeEach, describe, expect, it } from 'vitest';
import type { BundleVerdict } from '../../../core/bundle/bundle.ts';
import { verifyBundle } from '../../../core/bundle/verify.ts';
import type { Ceremony } from '../../../core/ceremony/run.ts';
import { fromBase64 } from '../../../core/ports/base64.ts';
import { readCertificate, type Certificate } from '../../../core/x509/certificate.ts';
import { edited } from '../../support/edited.ts';
import { tools } from '../../support/forge.ts';
import { sha256 } from '../../support/hierarchy.ts';
import type { MemoryRoom } from '../../support/memory/room.ts';
import { roomFor } from '../../support/memory/transcript.ts';
import { readShipped } from '../../support/ready-plans.ts';

const { text: shipped } = readShipped('renew-root');
const { text: intermediate } = readShipped('intermediate');
let room: MemoryRoom;

function certificateOf({ state }: Ceremony, name: string): Certificate {
  return readCertificate(fromBase64(state.certificates[name]?.der ?? ''));
}

function verified({ state }: Ceremony, pinned: Certificate): BundleVerdict {
  const archive = room.media.files.get(`${room.setting.output}/${state.bundle?.file ?? ''}`) ?? new Uint8Array();
  return verifyBundle(archive, { rootFingerprint: sha256(pinned.raw), now: room.now + 60, rehearsal: 'refuse' }, tools);
}

async function hold(plan: string): Promise<Ceremony> {
  const held = await room.begin(plan);
  expect(await room.play(held)).toEqual({ kind: 'finished' });
  return held;
}

beforeEach(async () => {
  room = await roomFor('renew-root');
});

describe('a renewed root', () => {
  it.each([
    ['under another name', ['CN: Example Corp Root R1', 'CN: Example Corp Root R2'], 'renew-other-subject'],
    ['for another kind of key', ['key: ec-p384', 'key: rsa-4096'], 'renew-other-key'],
    ['that ends no later', ['for: 25y', 'for: 19y'], 'renew-not-longer'],
    ['for longer than any root', ['for: 25y', 'for: 26y'], 'lint-refused'],
    ['that is no root', ['certificate: root-r1,', 'certificate: bundle-signer-b1,'], 'renew-no-root'],
    [
      'whose former certificate takes another’s name',
      ['former: root-r1-first', 'former: bundle-signer-b1'],
      'plan-certificate-exists',
    ],
    ['whose key is not in the room', ['root-r1: { token: root }', 'root-r1: {}'], 'plan-key-elsewhere'],
  ] as const)('%s is refused', async (_, edit, code) => {
    expect(await room.refusals(edited(shipped, edit))).toContain(code);
  });

  it('is refused where the token holds another key', async () => {
    const held = await room.begin(shipped);
    await room.playUntil(held, (next, act) => act === 'renew-root' && next.kind === 'ask');
    room.root.keys = room.root.keys.filter(({ label }) => label !== 'root-r1');
    expect(await room.play(held)).toMatchObject({ kind: 'failed', failure: { code: 'token-key-missing' } });
  });

  it('has the key, the name and the extensions it had, and both certificates are trust anchors of one bundle', async () => {
    const held = await hold(shipped);
    const [now, old] = [certificateOf(held, 'root-r1'), certificateOf(held, 'root-r1-first')];
    expect([now.tbs.subject, now.tbs.spki, now.tbs.extensions]).toEqual([
      old.tbs.subject,
      old.tbs.spki,
      old.tbs.extensions,
    ]);
    expect(now.tbs.serial).not.toEqual(old.tbs.serial);
    for (const pinned of [now, old]) {
      const verdict = verified(held, pinned);
      if (!verdict.ok) throw new Error(verdict.refusal.message);
      expect(verdict.bundle.root.raw).toEqual(pinned.raw);
      expect(verdict.bundle.anchors.map(({ raw }) => raw)).toEqual([now.raw, old.raw]);
      // What is served under the root’s name is the newest.
      expect(verdict.bundle.certificates.get('root-r1')?.raw).toEqual(now.raw);
      expect(verdict.bundle.crls.map(({ issuer, number }) => [issuer, number])).toEqual([['root-r1', 2n]]);
    }
  });

  it.each(['root-r1', 'root-r1-first'])(
    'goes on under its name in the ceremony after it, whichever certificate is pinned: %s',
    async (pinned) => {
      const renewed = await hold(shipped);
      room.continueFrom(renewed, sha256(certificateOf(renewed, pinned).raw));
      const held = await hold(intermediate);
      const verdict = verified(held, certificateOf(renewed, pinned));
      if (!verdict.ok) throw new Error(verdict.refusal.message);
      expect(verdict.bundle.manifest.issuers).toMatchObject([{ name: 'issuing-i1', issuedBy: 'root-r1' }]);
      expect(verdict.bundle.crls[0]?.number).toBe(3n);
      expect(held.state.certificates['bundle-signer-b1']?.issuedBy).toBe('root-r1');
    },
  );

  it('lets what it had issued before stand: certificates older than its own newest are no reason to refuse', async () => {
    const first = await roomFor('ocsp-signer');
    room = first;
    room.setting = { ...room.setting, tokens: { root: room.setting.tokens['root'] ?? '' } };
    const held = await hold(shipped);
    expect(verified(held, certificateOf(held, 'root-r1-first'))).toMatchObject({ ok: true });
    expect(verified(held, certificateOf(held, 'root-r1'))).toMatchObject({ ok: true });
    expect(held.state.certificates['issuing-i1']?.issuedBy).toBe('root-r1');
  });
});
