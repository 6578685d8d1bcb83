import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRoom, type RehearsalRoom } from '../../support/rehearsal-room.ts';
import { killAtWrites } from './kill-at.ts';
import { holdRootFirst, intermediateRehearsal } from './kill-rehearsals.ts';

describe('a ceremony killed at any point is resumed to the same bundle with no second key', () => {
  let room: RehearsalRoom;

  beforeAll(async () => {
    room = await createRoom();
    await holdRootFirst(room);
  });
  afterAll(() => {
    room.remove();
  });

  it('the intermediate ceremony: before every durable write', async () => {
    expect(await killAtWrites(room, intermediateRehearsal, 40, [])).toEqual([]);
  }, 900_000);
});
