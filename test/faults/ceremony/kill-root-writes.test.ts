import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRoom, type RehearsalRoom } from '../../support/rehearsal-room.ts';
import { killAtWrites } from './kill-at.ts';
import { rootRehearsal } from './kill-rehearsals.ts';

describe('a ceremony killed at any point is resumed to the same bundle with no second key', () => {
  let room: RehearsalRoom;

  beforeAll(async () => {
    room = await createRoom();
  });
  afterAll(() => {
    room.remove();
  });

  it('the root ceremony: before every durable write', async () => {
    // Thirteen acts: each has at least an intent, an outcome and an answer on disk.
    expect(await killAtWrites(room, rootRehearsal, 40, [2, 17, 33])).toEqual([]);
  }, 900_000);
});
