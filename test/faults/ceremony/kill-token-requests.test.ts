import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRoom, type RehearsalRoom } from '../../support/rehearsal-room.ts';
import { killAtRequests } from './kill-at.ts';
import { holdRootFirst, tokenRehearsal } from './kill-rehearsals.ts';

describe('a ceremony killed at any point is resumed to the same bundle, with no token initialised twice', () => {
  let room: RehearsalRoom;

  beforeAll(async () => {
    room = await createRoom();
    await holdRootFirst(room);
  }, 60_000);
  afterAll(() => {
    room.remove();
  });

  it('the initialisation of a token: with every HSM request in flight', async () => {
    expect(await killAtRequests(room, tokenRehearsal, 13)).toEqual([]);
  }, 600_000);
});
