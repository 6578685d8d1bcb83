import { beforeEach, describe, expect, it } from 'vitest';
import { verifyBundle } from '../../../core/bundle/verify.ts';
import type { Manifest } from '../../../core/bundle/manifest.ts';
import { nodeDigest, nodeVerifier } from '../../../core/node/crypto.ts';
import type { Ceremony } from '../../../core/ceremony/run.ts';
import { fromBase64, toBase64 } from '../../../core/ports/base64.ts';
import { edited } from '../../support/edited.ts';
import { sha256 } from '../../support/hierarchy.ts';
import { rootPlan } from '../../support/memory/recording.ts';
import { MemoryRoom } from '../../support/memory/room.ts';
import { readShipped } from '../../support/ready-plans.ts';

const { text: intermediate } = readShipped('intermediate');
const generated = '  - { do: generate-key, token: issuing, key: issuing-i1, by: [administrator, officer] }\n';
const issued = 'do: issue-intermediate, profile: issuing-1, issuer: root-r1, subject-key: issuing-i1,';
const known = '  bundle-signer-b1: { token: root }\n';

/** A request is made for a new key; no certificate comes of it here. */
const requesting = edited(intermediate, [issued, 'do: make-csr, key: issuing-i1, profile: issuing-1,']);
/** The ceremony after it: the same key, another request. */
const again = edited(
  requesting,
  [generated, ''],
  [', expect: empty', ''],
  [known, `${known}  issuing-i1: { token: issuing, certified: false }\n`],
);
/** A ceremony in which nobody speaks of that key. */
const crl = readShipped('root-crl').text;

let room: MemoryRoom;
let root: string;

async function hold(plan: string): Promise<Ceremony> {
  if (!plan.includes('  issuing: { for'))
    room.setting = { ...room.setting, tokens: { root: 'pkcs11:serial=00000000000000r1' } };
  const held = await room.begin(plan);
  expect(await room.play(held)).toEqual({ kind: 'finished' });
  root ||= sha256(fromBase64(held.state.certificates['root-r1']?.der ?? ''));
  return held;
}

async function next(plan: string): Promise<Ceremony> {
  const held = await hold(plan);
  room.continueFrom(held, root);
  return held;
}

/** What the bundle of the last ceremony says of keys without a certificate. */
function told(): Manifest['keys'] {
  const archive = room.media.files.get(room.setting.previous?.bundle ?? '') ?? new Uint8Array();
  const expected = { rootFingerprint: root, now: room.now, rehearsal: 'refuse' } as const;
  const verdict = verifyBundle(archive, expected, { digest: nodeDigest, verify: nodeVerifier });
  if (!verdict.ok) throw new Error(verdict.refusal.code);
  return verdict.bundle.manifest.keys;
}

beforeEach(async () => {
  room = new MemoryRoom();
  root = '';
  await next(rootPlan);
});

describe('a key without a certificate', () => {
  it('is told of by the bundle, and known to the inventories of later ceremonies, also past one that does not name it', async () => {
    expect(told()).toBeUndefined();
    await next(requesting);
    const [made] = room.issuing.keys;
    const entry = {
      name: 'issuing-i1',
      algorithm: 'ec-p256',
      publicKey: toBase64(made?.key.spki ?? new Uint8Array()),
      id: made?.id,
    };
    expect(told()).toEqual([entry]);
    await next(crl);
    expect(told()).toEqual([entry]);
    const held = await next(again);
    expect(held.state.keys['issuing-i1']).toMatchObject({ token: 'issuing', origin: 'uncertified', id: made?.id });
    expect(told()).toEqual([entry]);
  });

  it('is certified later, and is then told of by its certificate alone', async () => {
    await next(requesting);
    const certifying = edited(again, ['do: make-csr, key: issuing-i1, profile: issuing-1,', issued]);
    const held = await next(certifying);
    expect(held.state.certificates['issuing-i1']).toMatchObject({ type: 'intermediate', issuedBy: 'root-r1' });
    expect(told()).toBeUndefined();
  });

  it('that was destroyed is told of no more', async () => {
    await next(requesting);
    const request = again.split('\n').find((line) => line.includes('do: make-csr')) ?? '';
    const because = 'The other CA declined the request.';
    const destroying = edited(again, [
      request,
      `  - { do: destroy-key, token: issuing, key: issuing-i1, because: "${because}" }`,
    ]);
    await next(edited(destroying, [/\nprofiles:\n[^]*?\n(?=\S)/u.exec(destroying)?.[0] ?? '', '\nprofiles: {}\n']));
    expect(told()).toBeUndefined();
    expect(room.issuing.keys).toEqual([]);
  });

  it('that the plan does not place on its token is a leftover there', async () => {
    await next(requesting);
    const forgetful = edited(again, ['{ token: issuing, certified: false }', '{ certified: false }']);
    const withoutRequest = forgetful
      .split('\n')
      .filter((line) => !line.includes('do: make-csr'))
      .join('\n');
    const unused = edited(withoutRequest, [
      /\nprofiles:\n[^]*?\n(?=\S)/u.exec(withoutRequest)?.[0] ?? '',
      '\nprofiles: {}\n',
    ]);
    const end = await room.play(await room.begin(unused));
    expect(end).toMatchObject({ kind: 'failed', failure: { code: 'inventory-differs' } });
  });

  it('is refused before the day where the plan takes it for certified, for unknown, or for new', async () => {
    await next(requesting);
    expect(await room.refusals(edited(again, [', certified: false', '']))).toEqual(['plan-existing-missing']);
    expect(await room.refusals(requesting)).toContain('plan-name-taken');
    const other = edited(again, ['root-r1: { token: root }', 'root-r1: { token: root, certified: false }']);
    expect(await room.refusals(other)).toContain('plan-certificate-unknown');
  });
});
