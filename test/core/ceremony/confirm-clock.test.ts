import { describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import { replay } from '../../../core/ceremony/replay.ts';
import type { Ceremony } from '../../../core/ceremony/run.ts';
import { readWatch, watchPattern } from '../../../core/ceremony/watch.ts';
import { nodeDigest } from '../../../core/node/crypto.ts';
import { isCoded } from '../../../core/ports/coded-error.ts';
import { formatUtc } from '../../../core/profile/dates.ts';
import { edited } from '../../support/edited.ts';
import { rootPlan } from '../../support/memory/recording.ts';
import { memoryAnswers, MemoryRoom } from '../../support/memory/room.ts';
import { roomFor } from '../../support/memory/transcript.ts';
import { readShipped } from '../../support/ready-plans.ts';

const clock = '  - { do: confirm-clock, by: [administrator, witness] }\n';
const plan = edited(rootPlan, ['  - { do: check-room }\n', `${clock}  - { do: check-room }\n`]);

/** What a watch shows that is so many seconds ahead of the machine. */
function watch(room: MemoryRoom, ahead: number, length = 16): string {
  return formatUtc(room.now + ahead)
    .replace('T', ' ')
    .slice(0, length);
}

/** Answers the four questions; codes of the refusals of the answers. */
async function tell(
  held: Ceremony,
  first: string,
  second: string,
  people = ['Ada Administrator', 'Wim Witness'],
): Promise<readonly string[]> {
  const codes: string[] = [];
  for (const [id, value] of [
    ['clock-person-first', people[0] ?? ''],
    ['clock-time-first', first],
    ['clock-person-second', people[1] ?? ''],
    ['clock-time-second', second],
  ] as const) {
    const refusal = await held.answer(id, value);
    if (refusal !== undefined) codes.push(refusal.code);
  }
  return codes;
}

async function asked(room: MemoryRoom, text = plan): Promise<Ceremony> {
  const held = await room.begin(text);
  await room.playUntil(held, (next, act) => act === 'confirm-clock' && next.kind === 'ask');
  return held;
}

async function outcome(held: Ceremony): Promise<string> {
  const next = await held.advance();
  return next.kind === 'failed' ? next.failure.code : next.kind;
}

describe('the clock', () => {
  it('is compared with the watches of two people, who see neither the machine’s time nor each other’s', async () => {
    const room = new MemoryRoom();
    const held = await asked(room);
    const shown: unknown[] = [];
    for (const value of ['Ada Administrator', watch(room, 0), 'Wim Witness', watch(room, 90, 19)]) {
      const { next } = held;
      if (next.kind !== 'ask') throw new Error(next.kind);
      shown.push(next.prompt.show);
      expect(next.prompt.say).not.toContain(formatUtc(room.now).slice(11, 16));
      expect(await held.answer(next.prompt.id, value)).toBeUndefined();
    }
    expect(shown).toEqual([undefined, undefined, undefined, undefined]);
    expect(await outcome(held)).toBe('ask');
    const [, told] = held.state.completed;
    expect(told?.summary.map(({ label }) => label)).toEqual(['watch of Ada Administrator', 'watch of Wim Witness']);
    expect(replay(room.journal.records, nodeDigest)).toEqual({ ok: true, state: held.state });
  });

  it.each([
    ['the first watch is an hour behind', -3600, 0],
    ['the second watch is four minutes ahead', 0, 240],
    ['both watches show another day', 86_400, 86_400],
  ])('is not believed where %s, and both are asked anew', async (_, first, second) => {
    const room = new MemoryRoom();
    const held = await asked(room);
    expect(await tell(held, watch(room, first), watch(room, second))).toEqual([]);
    expect(await outcome(held)).toBe('clock-differs');
    expect(await held.retry()).toBeUndefined();
    expect(held.next).toMatchObject({ kind: 'ask', prompt: { id: 'clock-person-first' } });
    await tell(held, watch(room, 0), watch(room, 0));
    expect(await outcome(held)).toBe('ask');
  });

  it('may be told by anybody as the second, where the plan names one role', async () => {
    const room = new MemoryRoom();
    const held = await asked(room, edited(plan, ['by: [administrator, witness]', 'by: [administrator]']));
    expect(await tell(held, watch(room, 0), watch(room, 0), ['Ada Administrator', 'Omar Two'])).toEqual([]);
    expect(await outcome(held)).toBe('ask');
  });

  it('may be further off where the plan says so', async () => {
    const room = new MemoryRoom();
    const held = await asked(room, edited(plan, ['do: confirm-clock,', 'do: confirm-clock, tolerance: 10m,']));
    await tell(held, watch(room, -500), watch(room, 500));
    expect(await outcome(held)).toBe('ask');
  });

  it('is not told at all where any watch would do', async () => {
    const odd = edited(plan, ['do: confirm-clock,', 'do: confirm-clock, tolerance: 25h,']);
    expect(await new MemoryRoom().check(odd)).toMatchObject({ ok: false, refusals: [{ code: 'yaml-invalid-value' }] });
  });

  it('needs a second person, of those who are present, and a time that is one', async () => {
    const room = new MemoryRoom();
    const held = await asked(room);
    const same = await tell(held, watch(room, 0), watch(room, 0), ['Ada Administrator', 'ada  administrator']);
    expect(same).toEqual(['answer-refused', 'answer-not-asked']);
    expect(await held.answer('clock-person-second', 'Mallory')).toMatchObject({ code: 'answer-refused' });
    expect(await held.answer('clock-person-second', 'Omar Two')).toMatchObject({ code: 'answer-refused' });
    expect(await held.answer('clock-person-second', 'Wim Witness')).toBeUndefined();
    expect(await held.answer('clock-time-second', 'nine o’clock')).toMatchObject({ code: 'answer-refused' });
    expect(await held.answer('clock-time-second', '2026-02-31 09:00')).toBeUndefined();
    expect(await outcome(held)).toBe('clock-no-time');
  });

  it('is never earlier than the end of the ceremony before, whatever the tolerance', async () => {
    const room = await roomFor('root-crl');
    // Two hours after the last bundle was made; the watches are three hours behind, the plan has all the patience there is.
    room.now += 7200 - 86_400;
    const text = edited(readShipped('root-crl').text, [
      '  - { do: check-room }\n',
      '  - { do: confirm-clock, tolerance: 1d }\n  - { do: check-room }\n',
    ]);
    const held = await asked(room, text);
    await tell(held, watch(room, -3 * 3600), watch(room, -3 * 3600));
    expect(await outcome(held)).toBe('clock-before-last');
  });

  it('is told by a script only where its answers say that it has no watch', async () => {
    const room = new MemoryRoom();
    expect(await room.play(await room.begin(plan))).toEqual({ kind: 'finished' });
    const other = new MemoryRoom();
    const { clock: _none, ...answers } = memoryAnswers();
    expect(await other.play(await other.begin(plan), answers)).toMatchObject({
      kind: 'failed',
      failure: { code: 'answers-missing' },
    });
  });

  it('a time that fits the pattern is read or refused by its code, and a minute lasts to its end', () => {
    expect(readWatch('2026-11-22 09:00')).toEqual({ earliest: 1_795_338_000, latest: 1_795_338_059 });
    fc.assert(
      fc.property(fc.stringMatching(new RegExp(`^${watchPattern}$`, 'u')), (text) => {
        try {
          const { earliest, latest } = readWatch(text);
          return latest - earliest === (text.length > 16 ? 0 : 59);
        } catch (error) {
          return isCoded(error, 'clock-no-time');
        }
      }),
    );
  });
});
