import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addCalls, callsLine, countCalls } from '../../../core/ceremony/token-calls.ts';
import { exitCodes } from '../../../tui/cli/exit-codes.ts';
import { createRoom, shippedPlan, type RehearsalRoom } from '../../support/rehearsal-room.ts';
import { softHsmMissing } from '../../support/softhsm.ts';

const missing = softHsmMissing();

describe('PKCS#11 calls', () => {
  it('are counted by token, function and result, in the order in which each came first', () => {
    const ok = { function: 'C_SignInit', result: 'CKR_OK', token: 'r1' };
    const wrong = { function: 'C_Login', result: 'CKR_PIN_INCORRECT', token: 'r1' };
    const counted = countCalls([ok, wrong, ok, { ...ok, token: 'i1' }]);
    expect(counted.map(({ times }) => times)).toEqual([2, 1, 1]);
    expect(callsLine(counted)).toBe('C_SignInit CKR_OK ×2, C_Login CKR_PIN_INCORRECT, C_SignInit CKR_OK');
    expect(addCalls(counted, countCalls([ok])).map(({ times }) => times)).toEqual([3, 1, 1]);
    expect(addCalls([], counted)).toEqual(counted);
  });
});

describe.skipIf(missing !== undefined)(`a ceremony${missing === undefined ? '' : ` (SKIPPED: ${missing})`}`, () => {
  let room: RehearsalRoom;
  beforeAll(async () => {
    room = await createRoom();
  });
  afterAll(() => {
    room.remove();
  });

  it('tells of every act what it asked of the token and what came back, and verifies with that', async () => {
    const args = ['--binding', room.path('root-binding.yaml'), '--answers', room.path('answers.yaml'), '--rehearse'];
    const run = await room.run('ceremony', 'run', shippedPlan('root'), ...args, '--dir', room.path('held'));
    expect(run).toMatchObject({ code: exitCodes.done });
    const proven = await room.run('ceremony', 'verify', room.path('held'));
    expect(proven.code).toBe(exitCodes.done);
    const told = proven.out.split('\n').filter((line) => line.includes('PKCS#11: '));
    expect(told.find((line) => line.includes('C_Login CKR_OK'))).toBeDefined();
    expect(told.find((line) => line.includes('C_GenerateKeyPair CKR_OK'))).toBeDefined();
    expect(told.filter((line) => line.includes('C_Sign CKR_OK')).length).toBeGreaterThanOrEqual(4);
  });
});
