import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { CodedError } from '../../../core/ports/coded-error.ts';
import { throwawayKey } from '../../../core/node/throwaway-key.ts';
import type { TokenInfo } from '../../../core/ports/token.ts';
import { asGenerated, type StoredKey } from '../../support/memory/token.ts';
import { rootPlan } from '../../support/memory/recording.ts';
import { MemoryRoom } from '../../support/memory/room.ts';
import { shippedPlan } from '../../support/rehearsal-room.ts';
import { utc } from '../../vectors/lint-world.ts';

let room: MemoryRoom;
beforeEach(() => {
  room = new MemoryRoom();
});

/** A key that lies on a device already. */
async function leftover(
  label: string,
  halves: StoredKey['halves'] = ['private-key', 'public-key'],
): Promise<StoredKey> {
  const key = await throwawayKey('ec-p256');
  return { id: 'abcd', label, algorithm: 'ec-p256', key, attributes: asGenerated, halves };
}

describe('preflight', () => {
  it('passes, and has looked at the device without logging in, writing or changing anything', async () => {
    expect(await room.refusals(rootPlan)).toEqual([]);
    expect(new Set(room.root.calls)).toEqual(new Set(['info', 'objects']));
    expect(room.media.files.size).toBe(0);
    expect(room.journal.records).toEqual([]);
  });

  const states: readonly (readonly [string, Partial<TokenInfo>])[] = [
    ['token-pin-not-set', { pinInitialized: false }],
    ['token-pin-locked', { pinState: 'locked' }],
    ['token-pin-final-try', { pinState: 'final-try' }],
  ];
  it.each(states)('refuses a device with %s', async (code, change) => {
    room.root.info = { ...room.root.info, ...change };
    expect(await room.refusals(rootPlan)).toEqual([code]);
  });

  it('lets a device go whose PIN tries run low, and one that has a keypad', async () => {
    room.root.info = { ...room.root.info, pinState: 'count-low', protectedPath: true };
    expect(await room.refusals(rootPlan)).toEqual([]);
  });

  it('refuses a label that is taken, as far as it can be seen without a PIN', async () => {
    room.root.keys = [await leftover('root-r1')];
    expect(await room.refusals(rootPlan)).toEqual(['token-key-label-exists']);
  });

  it('refuses one device for two tokens, a device nobody asked for, and one that is not there', async () => {
    const plan = readFileSync(shippedPlan('intermediate'), 'utf8');
    const tokens = { root: 'pkcs11:serial=00000000000000r1', issuing: 'pkcs11:serial=00000000000000r1' };
    room.setting = { ...room.setting, tokens };
    expect(await room.refusals(plan)).toContain('binding-same-token');
    expect(await room.refusals(rootPlan)).toEqual(['binding-token-unknown']);
    room.setting = { ...room.setting, tokens: { root: 'pkcs11:serial=ff' } };
    expect(await room.refusals(rootPlan)).toEqual(['token-missing']);
    room.setting = { ...room.setting, tokens: {} };
    expect(await room.refusals(rootPlan)).toEqual(['binding-token-missing']);
  });

  it('refuses a clock that shows a time before this program was written', async () => {
    room.now = utc('2020-01-01T00:00:00Z');
    expect(await room.refusals(rootPlan)).toContain('clock-implausible');
  });

  it('refuses a room with a network, but not for a rehearsal', async () => {
    const { ports } = room;
    const inspected = await ports.room();
    Object.assign(ports, { room: () => Promise.resolve({ ...inspected, networkInterfaces: ['eth0'] }) });
    expect(await room.refusals(rootPlan)).toEqual(['room-network']);
    expect(await room.check(rootPlan, true)).toMatchObject({ ok: true });
    expect(await room.refusals(rootPlan.replace('do: check-room', 'do: check-room, network: any'))).toEqual([]);
  });

  it('refuses a program that is not what was installed, but not for a rehearsal; sources without a list may go on', async () => {
    const { ports } = room;
    const inspected = await ports.room();
    const listed = { list: '0'.repeat(64), files: 60, changed: [], missing: [], extra: [] };
    const find = (installation: typeof inspected.installation): unknown =>
      Object.assign(ports, { room: () => Promise.resolve({ ...inspected, installation }) });
    find({ ...listed, extra: ['dist/evil.js'] });
    expect(await room.refusals(rootPlan)).toEqual(['room-software-changed']);
    expect(await room.check(rootPlan, true)).toMatchObject({ ok: true });
    find(listed);
    expect(await room.refusals(rootPlan)).toEqual([]);
    find('unlisted');
    expect(await room.refusals(rootPlan)).toEqual([]);
  });

  it('refuses whatever is in the way of the output: another file, or something that is no file', async () => {
    room.media.files.set('/out/root-r1.pem', Uint8Array.of(1));
    expect(await room.refusals(rootPlan)).toEqual(['media-exists']);
    const { read } = room.media;
    room.media.read = (path, maximum) =>
      path.endsWith('.coldroot')
        ? Promise.reject(new CodedError({ code: 'media-not-a-file', message: 'It is a link.', remedy: 'Remove it.' }))
        : read.call(room.media, path, maximum);
    expect(await room.refusals(rootPlan)).toEqual(['media-not-a-file']);
  });

  it('refuses an export whose signer nobody can tell, and names the line of the act', async () => {
    const plan = rootPlan
      .replace(/ {2}- .*(issue-bundle-signer|key: bundle-signer-b1).*\n/gu, '')
      .replace(/ {2}bundle-signer:\n(?: {4}.*\n)+/u, '');
    const checked = await room.check(plan);
    if (checked.ok) throw new Error('accepted');
    const line = plan.split('\n').findIndex((text) => text.includes('export-bundle')) + 1;
    expect(checked.refusals).toMatchObject([{ code: 'plan-export-signer', where: { file: 'plan.yaml', line } }]);
  });

  it('a CRL of thousands of entries fits into the journal', async () => {
    const { crlIntent } = await import('../../../core/ceremony/issuing.ts');
    const tbs = Buffer.alloc(8_000_000, 7).toString('base64');
    expect(crlIntent.safeParse({ tbs, digest: '0'.repeat(64) }).success).toBe(true);
  });
});

describe('the inventory', () => {
  /** Plays until something fails; the code. */
  async function outcome(): Promise<string> {
    const ceremony = await room.begin(rootPlan);
    const end = await room.play(ceremony);
    return end.kind === 'failed' ? `${end.failure.code}: ${end.failure.message}` : end.kind;
  }

  it.each([
    ['a key of another label', ['private-key', 'public-key']],
    ['a private key alone, which nobody saw before the login', ['private-key']],
    ['a public key alone', ['public-key']],
  ] as const)('of a token that should be empty finds %s', async (_, halves) => {
    room.root.keys = [await leftover('old', halves)];
    expect(await outcome()).toMatch(/^inventory-differs: .*not empty: .*"old"/u);
  });

  it('after the keys were made finds one that nobody planned, a copy of a planned one, and one that is gone', async () => {
    const spoil: readonly (readonly [string, (keys: readonly StoredKey[]) => Promise<readonly StoredKey[]>])[] = [
      ['not in the plan: private-key "old"', async (keys) => [...keys, await leftover('old')]],
      ['not in the plan: public-key "half"', async (keys) => [...keys, await leftover('half', ['public-key'])]],
      [
        'there more than once: private-key "copy"',
        (keys) => Promise.resolve([...keys, { ...(keys[0] as StoredKey), id: 'ff', label: 'copy' }]),
      ],
      ['missing: the key of bundle-signer-b1', (keys) => Promise.resolve(keys.slice(0, 1))],
    ];
    for (const [found, change] of spoil) {
      room = new MemoryRoom();
      const ceremony = await room.begin(rootPlan);
      await room.playUntil(ceremony, (next, act) => act === 'issue-crl' && next.kind === 'ask');
      room.root.keys = await change(room.root.keys);
      const end = await room.play(ceremony);
      expect(end).toMatchObject({ kind: 'failed', failure: { code: 'inventory-differs' } });
      expect(JSON.stringify(end)).toContain(JSON.stringify(found).slice(1, -1));
    }
  });

  it('names what is odd about a token though it holds what it should', async () => {
    const ceremony = await room.begin(rootPlan);
    await room.playUntil(ceremony, (next, act) => act === 'issue-crl' && next.kind === 'ask');
    room.root.certificates = [{ label: 'of nobody', id: 'ee', der: Uint8Array.of(0x30, 0) }];
    expect(await room.play(ceremony)).toEqual({ kind: 'finished' });
    const warned = ceremony.state.completed.flatMap(({ summary }) =>
      summary.filter(({ style }) => style === 'warning'),
    );
    expect(warned.map(({ value }) => value)).toContain('"of nobody" is a certificate without its key');
  });
});
