import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Ceremony } from '../../core/ceremony/run.ts';
import type { Setting } from '../../core/ceremony/ports.ts';
import { fromBase64 } from '../../core/ports/base64.ts';
import { sha256 } from '../support/hierarchy.ts';
import { MemoryRoom } from '../support/memory/room.ts';
import { readShipped } from '../support/ready-plans.ts';
import { receiptFor } from '../support/receipt.ts';
import { seededRows } from './seeded-fault-rows.ts';

const faults = seededRows.flatMap(({ row, precedent, faults: own }) =>
  own.map((fault) => ({ row, precedent, ...fault })),
);

/** The devices of the room that a plan has tokens for, by their right names. */
function boundFor(plan: string, room: MemoryRoom): Setting['tokens'] {
  const devices = { root: room.root, issuing: room.issuing };
  return Object.fromEntries(
    Object.entries(devices)
      .filter(([name]) => new RegExp(`^  ${name}: \\{ .*for`, 'mu').test(plan))
      .map(([name, { info }]) => [name, `pkcs11:serial=${info.serial}`]),
  );
}

describe('a fault that happened to somebody is refused in preflight, by its rule, with the tokens untouched', () => {
  let held: MemoryRoom;
  let setting: Setting;
  let now: number;

  async function hold(name: string, root: string | undefined): Promise<Ceremony> {
    const ceremony = await held.begin(readShipped(name).text);
    expect(await held.play(ceremony)).toEqual({ kind: 'finished' });
    held.continueFrom(ceremony, root ?? sha256(fromBase64(ceremony.state.certificates['root-r1']?.der ?? '')));
    return ceremony;
  }

  beforeAll(async () => {
    held = new MemoryRoom();
    await hold('root', undefined);
    await hold('intermediate', held.setting.previous?.root);
    ({ setting, now } = held);
    const last = held.media.files.get(setting.previous?.bundle ?? '') ?? new Uint8Array();
    held.media.files.set('/media/issuer-receipt', receiptFor(last));
    setting = { ...setting, files: { 'issuer-receipt': '/media/issuer-receipt' } };
    for (const device of [held.root, held.issuing]) device.lose();
  });

  beforeEach(() => {
    held.now = now;
  });

  it.each(faults)('$row ($precedent): $fault: $code', async ({ plan, code, rule = '', later = 0, tokens, fresh }) => {
    const room = fresh === true ? new MemoryRoom() : held;
    room.now += later;
    const base = fresh === true ? room.setting : setting;
    room.setting = { ...base, tokens: tokens ?? boundFor(plan, room) };
    const keys = [room.root.keys, room.issuing.keys];
    const calls = [room.root.calls.length, room.issuing.calls.length];
    const checked = await room.check(plan);
    const refusals = checked.ok ? [] : checked.refusals;
    expect([...new Set(refusals.map((refusal) => refusal.code))]).toEqual([code]);
    expect(refusals[0]?.message).toContain(rule);
    expect([room.root.keys, room.issuing.keys]).toEqual(keys);
    const since = [...room.root.calls.slice(calls[0]), ...room.issuing.calls.slice(calls[1])];
    expect(since.filter((call) => call !== 'info' && call !== 'objects')).toEqual([]);
  });

  it.each(['cross-certificate', 'revoke-intermediate', 'root-crl', 'intermediate-rollover'])(
    'and %s as it ships is not',
    async (name) => {
      held.setting = { ...setting, tokens: boundFor(readShipped(name).text, held) };
      expect(await held.check(readShipped(name).text)).toMatchObject({ ok: true });
    },
  );

  it('nor is a plan that names this very program, and a policy that its CAs assert', async () => {
    const { text } = readShipped('intermediate-rollover');
    const plan = text
      .replace(
        '\nroles:\n',
        `\nsoftware: { version: 0.0.0, sha256: ${'a'.repeat(64)} }\npolicies: [2.23.140.1.2.1]\nroles:\n`,
      )
      .replace('    pathLen: 0\n', '    pathLen: 0\n    policies: [2.23.140.1.2.1]\n');
    held.setting = { ...setting, tokens: boundFor(plan, held) };
    expect(await held.check(plan)).toMatchObject({ ok: true });
  });

  it('nor is a device whose label somebody’s middleware has changed, since its serial names it', async () => {
    const { text } = readShipped('root-crl');
    held.setting = { ...setting, tokens: boundFor(text, held) };
    const { info } = held.root;
    held.root.info = { ...info, label: 'root (UserPIN)' };
    expect(await held.check(text)).toMatchObject({ ok: true });
    held.root.info = info;
  });

  it('nor is a device that shows nothing before its PIN is entered: nobody can tell that it is the wrong one', async () => {
    const { text } = readShipped('root-crl');
    held.setting = { ...setting, tokens: boundFor(text, held) };
    const { keys } = held.root;
    held.root.keys = keys.map((key) => ({ ...key, halves: ['private-key'] }));
    expect(await held.check(text)).toMatchObject({ ok: true });
    held.root.keys = keys;
  });
});
