import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRoom, type RehearsalRoom } from '../../support/rehearsal-room.ts';
import { killAtRequests } from './kill-at.ts';
import { rootRehearsal } from './kill-rehearsals.ts';

describe('a ceremony killed at any point is resumed to the same bundle with no second key', () => {
  let room: RehearsalRoom;

  beforeAll(async () => {
    room = await createRoom();
  });
  afterAll(() => {
    room.remove();
  });

  it('the root ceremony: with every HSM request in flight', async () => {
    expect(await killAtRequests(room, rootRehearsal, 13)).toEqual([]);
  }, 600_000);
});
