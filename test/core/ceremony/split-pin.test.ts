import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { shareHex, shareWords, splitPin, tokenMark } from '../../../core/ceremony/share.ts';
import type { Ceremony } from '../../../core/ceremony/run.ts';
import { nodeDigest } from '../../../core/node/crypto.ts';
import { shamirSharing } from '../../../core/node/secret-sharing.ts';
import { fromBase64 } from '../../../core/ports/base64.ts';
import { sha256 } from '../../support/hierarchy.ts';
import { rootPlan } from '../../support/memory/recording.ts';
import { memoryPins, MemoryRoom } from '../../support/memory/room.ts';
import { shippedPlan } from '../../support/rehearsal-room.ts';

const splitting = rootPlan.replace(
  'do: open-token, token: root',
  'do: split-pin, token: root, shares: 3, threshold: 2',
);
const opening = readFileSync(shippedPlan('root-crl'), 'utf8').replace(
  'do: open-token, token: root',
  'do: open-token, token: root, shares: 2',
);

/** Holds the root ceremony with its PIN split, and goes on to the next one, which waits for the first share. */
async function untilShares(): Promise<{ room: MemoryRoom; ceremony: Ceremony; shares: readonly string[] }> {
  const room = new MemoryRoom();
  const first = await room.begin(splitting);
  expect(await room.play(first)).toEqual({ kind: 'finished' });
  const shares = [...room.shares.values()];
  room.continueFrom(first, sha256(fromBase64(first.state.certificates['root-r1']?.der ?? '')));
  room.setting = { ...room.setting, tokens: { root: 'pkcs11:serial=00000000000000r1' } };
  room.root.lose();
  const ceremony = await room.begin(opening);
  await room.playUntil(ceremony, (next) => next.kind === 'ask' && next.prompt.kind === 'secret');
  return { room, ceremony, shares };
}

async function enter(ceremony: Ceremony, text = ''): Promise<string | undefined> {
  const { next } = ceremony;
  if (next.kind !== 'ask' && next.kind !== 'reopen') throw new Error(next.kind);
  const refusal = await ceremony.secret(next.prompt.id, text);
  return refusal?.code;
}

describe('a PIN that is split', () => {
  it('opens its token in the next ceremony from any two of three shares, and after an interruption again', async () => {
    const { room, ceremony, shares } = await untilShares();
    expect(shares).toHaveLength(3);
    expect(await enter(ceremony, shares[2])).toBeUndefined();
    expect(await enter(ceremony, shareWords(shares[0] ?? '').join(' '))).toBeUndefined();
    await room.playUntil(ceremony, (next, act) => act === 'issue-crl' && next.kind === 'ask');
    const resumed = await room.resume();
    await room.playUntil(resumed, (next) => next.kind === 'reopen');
    expect(await enter(resumed, shares[1])).toBeUndefined();
    expect(resumed.next).toMatchObject({ kind: 'reopen', prompt: { share: { number: 2, of: 2 } } });
    expect(await enter(resumed, shares[0])).toBeUndefined();
    expect(await room.play(resumed)).toEqual({ kind: 'finished' });
  });

  it('is not opened by a share of another token, by one share twice, or by something that is no share', async () => {
    const { ceremony, shares } = await untilShares();
    const [foreign] = await splitPin(
      memoryPins.root,
      { token: tokenMark('00000000000000i1', nodeDigest), set: '01020304', count: 3, threshold: 2 },
      shamirSharing,
      nodeDigest,
    );
    if (foreign === undefined) throw new Error('no share');
    expect(await enter(ceremony, shareHex(foreign, nodeDigest))).toBe('share-other-token');
    expect(await enter(ceremony, memoryPins.root)).toBe('share-word');
    expect(await enter(ceremony, '')).toBe('secret-empty');
    expect(await enter(ceremony, shares[0])).toBeUndefined();
    expect(await enter(ceremony, shares[0])).toBe('share-twice');
    expect(await enter(ceremony, shares[1])).toBeUndefined();
    expect(await ceremony.advance()).not.toMatchObject({ kind: 'failed' });
  });

  it('is in no record, no file and no state, and neither is a share', async () => {
    const { room, ceremony, shares } = await untilShares();
    await enter(ceremony, shares[0]);
    await enter(ceremony, shares[1]);
    await room.play(ceremony);
    const files = [...room.media.files.values()].map((bytes) => Buffer.from(bytes).toString('latin1'));
    const everything = JSON.stringify([room.journal.records, ceremony.state, files]);
    for (const share of shares) {
      expect(everything).not.toContain(share);
      expect(everything).not.toContain(shareWords(share).slice(0, 12).join(' '));
    }
    expect(everything).not.toContain(memoryPins.root);
  });
});

describe('a share to be taken', () => {
  it('counts as taken only once it was shown, is gone afterwards, and a pause makes all of them void', async () => {
    const room = new MemoryRoom();
    const ceremony = await room.begin(splitting);
    await room.playUntil(ceremony, (next) => next.kind === 'ask' && next.prompt.id === 'share-1');
    expect(await ceremony.answer('share-1', 'TAKEN')).toMatchObject({ code: 'share-not-shown' });
    const first = ceremony.handOut('share-1') ?? '';
    expect(first).toMatch(/^[0-9a-f]{70,}$/u);
    expect(await ceremony.answer('share-1', 'TAKEN')).toBeUndefined();
    expect(ceremony.handOut('share-1')).toBeUndefined();
    await ceremony.pause('Somebody came in.', 'Ada Administrator');
    expect(ceremony.handOut('share-2')).toBeUndefined();
    expect(await room.play(ceremony)).toEqual({ kind: 'finished' });
    expect([...room.shares.values()]).not.toContain(first);
  });
});
