import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Ceremony } from '../../../core/ceremony/run.ts';
import { joinShares, readShare } from '../../../core/ceremony/share.ts';
import { nodeDigest } from '../../../core/node/crypto.ts';
import { shamirSharing } from '../../../core/node/secret-sharing.ts';
import { fromBase64 } from '../../../core/ports/base64.ts';
import { sha256 } from '../../support/hierarchy.ts';
import { rootPlan } from '../../support/memory/recording.ts';
import { memoryAnswers, memoryPins, MemoryRoom } from '../../support/memory/room.ts';
import { shippedPlan } from '../../support/rehearsal-room.ts';

const splitting = rootPlan.replace(
  'do: open-token, token: root',
  'do: split-pin, token: root, shares: 5, threshold: 3',
);
const plan = readFileSync(shippedPlan('custodian-change'), 'utf8');

/** A root whose PIN is split, and the ceremony that is to change its custodians. */
async function begun(): Promise<{ room: MemoryRoom; ceremony: Ceremony; old: readonly string[] }> {
  const room = new MemoryRoom();
  const first = await room.begin(splitting);
  expect(await room.play(first)).toEqual({ kind: 'finished' });
  room.continueFrom(first, sha256(fromBase64(first.state.certificates['root-r1']?.der ?? '')));
  room.setting = { ...room.setting, tokens: { root: 'pkcs11:serial=00000000000000r1' } };
  room.root.lose();
  return { room, ceremony: await room.begin(plan), old: [...room.shares.values()] };
}

function joined(shares: readonly string[]): Promise<string> {
  return joinShares(
    shares.slice(1, 4).map((share) => readShare(share, nodeDigest)),
    shamirSharing,
    nodeDigest,
  );
}

describe('a change of custodians', () => {
  it('gives the token a PIN nobody knows, which the new shares give, and the old shares open nothing', async () => {
    const { room, ceremony, old } = await begun();
    expect(await room.play(ceremony)).toEqual({ kind: 'finished' });
    const fresh = [...room.shares.values()];
    expect(room.root.pin).not.toBe(memoryPins.root);
    expect(await joined(fresh)).toBe(room.root.pin);
    expect(await joined(old)).toBe(memoryPins.root);
    const written = JSON.stringify([room.journal.records, ceremony.state]);
    for (const secret of [room.root.pin, ...fresh, ...old]) expect(written).not.toContain(secret);
  });

  it('that is interrupted before the last word leaves the old PIN, and is begun anew from the old shares', async () => {
    const { room, ceremony, old } = await begun();
    await room.playUntil(ceremony, (next) => next.kind === 'ask' && next.prompt.kind === 'secret');
    for (const share of old.slice(0, 3)) {
      const { next } = ceremony;
      if (next.kind !== 'ask') throw new Error(next.kind);
      expect(await ceremony.secret(next.prompt.id, share)).toBeUndefined();
    }
    await ceremony.advance();
    ceremony.handOut('share-1');
    expect(await ceremony.answer('share-1', 'TAKEN')).toBeUndefined();
    const resumed = await room.resume();
    expect(room.root.pin).toBe(memoryPins.root);
    expect(resumed.state.current).toEqual({ answers: {}, uncertain: false });
    expect(await room.play(resumed)).toEqual({ kind: 'finished' });
    expect(await joined([...room.shares.values()])).toBe(room.root.pin);
  });

  it('that fails after the PIN was replaced is begun anew from the new shares', async () => {
    const { room, ceremony } = await begun();
    room.root.failNext('changePin', 'token-session-lost', 'after');
    expect(await room.play(ceremony)).toMatchObject({ kind: 'failed', failure: { code: 'token-session-lost' } });
    expect(await joined([...room.shares.values()])).toBe(room.root.pin);
    const resumed = await room.resume();
    expect(await room.play(resumed)).toEqual({ kind: 'finished' });
    expect(await joined([...room.shares.values()])).toBe(room.root.pin);
  });

  it('that fails before the PIN was replaced is begun anew from the old ones, also after a wrong guess', async () => {
    const { room, ceremony, old } = await begun();
    room.root.failNext('changePin', 'token-session-lost');
    expect(await room.play(ceremony)).toMatchObject({ kind: 'failed', failure: { code: 'token-session-lost' } });
    expect(await joined(old)).toBe(room.root.pin);
    expect(await room.play(await room.resume())).toMatchObject({ failure: { code: 'token-pin-incorrect' } });
    expect(room.root.pin).toBe(memoryPins.root);
    const again = memoryAnswers('found: destroy\nrecords: { root-bag: RB0001 }\n');
    expect(await room.play(await room.resume(), again)).toEqual({ kind: 'finished' });
    expect(await joined([...room.shares.values()])).toBe(room.root.pin);
  });

  it('that is interrupted later is gone on with by the new shares, and by no others', async () => {
    const { room, ceremony, old } = await begun();
    await room.playUntil(ceremony, (next, act) => act === 'export-bundle' && next.kind === 'ask');
    const resumed = await room.resume();
    const next = await room.playUntil(resumed, ({ kind }) => kind === 'reopen');
    if (next.kind !== 'reopen') throw new Error(next.kind);
    expect(next.prompt).toMatchObject({ share: { number: 1, of: 3 } });
    expect(await resumed.secret(next.prompt.id, old[0] ?? '')).toMatchObject({ code: 'share-other-set' });
    expect(await room.play(resumed)).toEqual({ kind: 'finished' });
  });

  it('from a PIN that one person knew is not the end when the PIN was replaced and nothing was written down', async () => {
    const room = new MemoryRoom();
    const first = await room.begin(rootPlan);
    await room.play(first);
    room.continueFrom(first, sha256(fromBase64(first.state.certificates['root-r1']?.der ?? '')));
    room.setting = { ...room.setting, tokens: { root: 'pkcs11:serial=00000000000000r1' } };
    room.root.lose();
    const ceremony = await room.begin(readFileSync(shippedPlan('pin-shares'), 'utf8'));
    room.root.failNext('changePin', 'token-device-removed', 'after');
    expect(await room.play(ceremony)).toMatchObject({ kind: 'failed', failure: { code: 'token-device-removed' } });
    expect(room.root.pin).not.toBe(memoryPins.root);
    const resumed = await room.resume();
    const next = await room.playUntil(resumed, ({ kind }) => kind === 'ask');
    expect(next).toMatchObject({ prompt: { kind: 'choice', choices: [{ value: 'before' }, {}] } });
    expect(await room.play(resumed)).toEqual({ kind: 'finished' });
    expect(await joined([...room.shares.values()])).toBe(room.root.pin);
  });
});
