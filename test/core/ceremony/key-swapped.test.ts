import { describe, expect, it } from 'vitest';
import { chainRecord } from '../../../core/journal/record.ts';
import { nodeDigest } from '../../../core/node/crypto.ts';
import { throwawayKey } from '../../../core/node/throwaway-key.ts';
import { fromBase64, toBase64 } from '../../../core/ports/base64.ts';
import type { JournalRecord } from '../../../core/ports/journal.ts';
import type { JsonObject } from '../../../core/ports/json.ts';
import { sha256 } from '../../support/hierarchy.ts';
import { rootPlan } from '../../support/memory/recording.ts';
import { MemoryRoom } from '../../support/memory/room.ts';
import { readShipped } from '../../support/ready-plans.ts';

/** A ceremony whose process ends before this act, when every key is made. */
async function until(act: string, plan: string, room = new MemoryRoom()): Promise<MemoryRoom> {
  const ceremony = await room.begin(plan);
  await room.playUntil(ceremony, (next, name) => name === act && next.kind === 'ask');
  return room;
}

async function secondCeremony(): Promise<MemoryRoom> {
  const room = new MemoryRoom();
  const first = await room.begin(rootPlan);
  await room.play(first);
  room.continueFrom(first, sha256(fromBase64(first.state.certificates['root-r1']?.der ?? '')));
  return room;
}

/** The newest key that was made is another in the journal, whose chain is whole; what was written ahead is gone. */
async function swapKey({ journal }: MemoryRoom): Promise<void> {
  const { spki } = await throwawayKey('ec-p256');
  const isKey = ({ kind, body }: JournalRecord): boolean =>
    kind === 'did' && 'spkiSha256' in (body['outcome'] as JsonObject);
  const newest = journal.records.findLastIndex(isKey);
  const kept = journal.records.slice(0, journal.records.findLastIndex(({ kind }) => kind === 'did') + 1);
  const forged: JournalRecord[] = [];
  for (const [index, record] of kept.entries()) {
    const outcome = { ...(record.body['outcome'] as JsonObject), spki: toBase64(spki), spkiSha256: sha256(spki) };
    const body = index === newest ? { ...record.body, outcome } : record.body;
    forged.push(chainRecord(forged.at(-1), { ...record, body }, nodeDigest));
  }
  journal.records = forged;
}

function signatures({ root }: MemoryRoom): number {
  return root.calls.filter((call) => call === 'sign').length;
}

describe('a key that the journal of an interrupted ceremony has instead of the one on the token', () => {
  it('is certified as no bundle signer', async () => {
    const room = await until('issue-bundle-signer', rootPlan);
    await swapKey(room);
    const before = signatures(room);
    const end = await room.play(await room.resume());
    expect(end).toMatchObject({ kind: 'failed', failure: { code: 'token-key-missing' } });
    expect(signatures(room)).toBe(before);
  });

  it('is certified as no issuing CA', async () => {
    const room = await until('issue-intermediate', readShipped('intermediate').text, await secondCeremony());
    await swapKey(room);
    const before = signatures(room);
    const end = await room.play(await room.resume());
    expect(end).toMatchObject({ kind: 'failed', failure: { code: 'token-key-missing' } });
    expect(signatures(room)).toBe(before);
  });
});

describe('the key that is on the token', () => {
  it('is certified after an interruption, once its token is open again', async () => {
    const room = await until('issue-intermediate', readShipped('intermediate').text, await secondCeremony());
    const resumed = await room.resume();
    const next = await room.playUntil(resumed, ({ kind }, act) => act === 'issue-intermediate' && kind === 'reopen');
    expect(next).toMatchObject({ kind: 'reopen' });
    expect(await room.play(resumed)).toEqual({ kind: 'finished' });
    const reopened = room.journal.records.flatMap(({ kind, body }) => (kind === 'reopened' ? [body['token']] : []));
    expect(reopened).toEqual(expect.arrayContaining(['issuing', 'root']));
  });
});
