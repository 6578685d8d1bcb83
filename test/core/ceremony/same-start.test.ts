import { beforeEach, describe, expect, it } from 'vitest';
import { chainRecord } from '../../../core/journal/record.ts';
import { nodeDigest } from '../../../core/node/crypto.ts';
import { fromBase64 } from '../../../core/ports/base64.ts';
import type { JournalRecord } from '../../../core/ports/journal.ts';
import type { JsonObject } from '../../../core/ports/json.ts';
import { sha256 } from '../../support/hierarchy.ts';
import { flipped } from '../../support/hostile/kind.ts';
import { rootPlan } from '../../support/memory/recording.ts';
import { MemoryRoom } from '../../support/memory/room.ts';
import { readShipped } from '../../support/ready-plans.ts';

let room: MemoryRoom;

/** A ceremony that goes on from an earlier one, and whose process ended before the CRL was confirmed. */
beforeEach(async () => {
  room = new MemoryRoom();
  const first = await room.begin(rootPlan);
  await room.play(first);
  room.continueFrom(first, sha256(fromBase64(first.state.certificates['root-r1']?.der ?? '')));
  room.setting = { ...room.setting, tokens: { root: 'pkcs11:serial=00000000000000r1' } };
  const ceremony = await room.begin(readShipped('root-crl').text);
  await room.playUntil(ceremony, (next, act) => act === 'issue-crl' && next.kind === 'ask');
});

/** Writes the journal anew, its first record changed and its chain whole. */
function forge(change: (begin: JsonObject) => JsonObject): void {
  const forged: JournalRecord[] = [];
  for (const record of room.journal.records) {
    const body = record.kind === 'begin' ? { ...record.body, ...change(record.body) } : record.body;
    forged.push(chainRecord(forged.at(-1), { ...record, body }, nodeDigest));
  }
  room.journal.records = forged;
}

describe('a ceremony that is taken up again', () => {
  it('goes on where its journal began with what the previous bundle left', async () => {
    const resumed = await room.resume();
    expect(await room.play(resumed)).toEqual({ kind: 'finished' });
    expect(resumed.state.crls['root-r1']?.number).toBe('2');
  });

  it.each<readonly [string, (begin: JsonObject) => JsonObject]>([
    ['without the last CRL, so that its number and its entries could be forgotten', () => ({ crls: {} })],
    ['after an earlier bundle', ({ previous }) => ({ previous: { ...(previous as JsonObject), epoch: 7 } })],
    [
      'with a waiver for a certificate that has none',
      ({ certificates }) => {
        const { 'root-r1': root, ...others } = certificates as Record<string, JsonObject>;
        const waiver = { rule: 'root-validity-period', object: 'root-r1', clause: 'none', approver: 'Eve' };
        const waived = [{ ...waiver, reason: 'because the journal says so now', expires: '2030-01-01T00:00:00Z' }];
        return { certificates: { ...others, 'root-r1': { ...root, waived } } };
      },
    ],
    [
      'with another device in the place of the root’s',
      ({ tokens }) => {
        const { root } = tokens as Record<string, JsonObject>;
        return { tokens: { root: { ...root, uri: 'pkcs11:serial=00000000000000i1', serial: '00000000000000i1' } } };
      },
    ],
    ['after a rehearsal that nobody held', () => ({ rehearsed: { sums: '0'.repeat(64), created: 0 } })],
  ])('does not where its journal says that it began %s', async (_, change) => {
    forge(change);
    await expect(room.resume()).rejects.toMatchObject({ code: 'journal-other-start' });
    expect(room.journal.records.at(-1)?.kind).not.toBe('resume');
  });

  it('does not where the previous bundle is another, or not there', async () => {
    const path = room.setting.previous?.bundle ?? '';
    const bundle = room.media.files.get(path) ?? new Uint8Array();
    room.media.files.set(path, flipped(bundle, 600));
    await expect(room.resume()).rejects.toMatchObject({ code: expect.stringMatching(/^bundle-/u) });
    room.media.files.delete(path);
    await expect(room.resume()).rejects.toMatchObject({ code: 'media-missing' });
  });
});
