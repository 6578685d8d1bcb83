import { beforeEach, describe, expect, it } from 'vitest';
import type { Ceremony } from '../../../core/ceremony/run.ts';
import { exitCodes } from '../../../tui/cli/exit-codes.ts';
import { holdPlain } from '../../../tui/faces/plain.ts';
import { rootPlan } from '../../support/memory/recording.ts';
import { memoryAnswers, memoryPins, MemoryRoom } from '../../support/memory/room.ts';

let room: MemoryRoom;
let ceremony: Ceremony;
let lines: string[];
let notes: string[];

beforeEach(async () => {
  room = new MemoryRoom();
  ceremony = await room.begin(rootPlan);
  [lines, notes] = [[], []];
});

function hold(answers = memoryAnswers(), pins: Readonly<Record<string, string>> = memoryPins): Promise<number> {
  const output = {
    line: (text: string) => lines.push(text),
    note: (text: string) => notes.push(text),
    isTerminal: false,
  };
  return holdPlain(ceremony, { answers, readPin: (token) => Promise.resolve(pins[token] ?? '') }, output);
}

describe('the plain face', () => {
  it('logs a ceremony to its end: status 0, one block for each act, no PIN', async () => {
    expect(await hold()).toBe(exitCodes.done);
    expect(lines.filter((line) => /^\[ ?\d+\/14\] /u.test(line))).toHaveLength(14);
    expect(lines.filter((line) => line.startsWith('      done '))).toHaveLength(14);
    expect(notes).toEqual([]);
    expect(lines.join('\n')).toContain('> (PIN entered)');
    for (const pin of Object.values(memoryPins)) expect(lines.join('\n')).not.toContain(pin);
  });

  it('marks a rehearsal in its first line', async () => {
    room = new MemoryRoom();
    ceremony = await room.begin(rootPlan, true);
    await hold();
    expect(lines[0]).toBe('Example Corp Root R1 (example-corp)  REHEARSAL');
  });

  it('ends with status 4 and what to do when an act fails', async () => {
    room.root.failNext('sign', 'token-busy');
    expect(await hold()).toBe(exitCodes.actFailed);
    expect(notes).toEqual(['      FAILED: The token says token-busy. Do what the test says. [token-busy]']);
    expect(lines.at(-1)).toMatch(/^\s+> SIGN$/u);
  });

  it('ends with status 5 when the answers say to stop', async () => {
    room.root.failNext('generateKey', 'token-busy', 'after');
    expect(await hold()).toBe(exitCodes.actFailed);
    await ceremony.retry();
    expect(await hold(memoryAnswers('found: abort\n'))).toBe(exitCodes.aborted);
    expect(ceremony.state.status).toBe('aborted');
  });

  it('a wrong PIN is a failed act, and shows no PIN', async () => {
    expect(await hold(memoryAnswers(), { root: 'wrong-horse-1627' })).toBe(exitCodes.actFailed);
    expect([...lines, ...notes].join('\n')).not.toContain('wrong-horse');
    expect(notes.join('')).toContain('[token-pin-incorrect]');
  });

  it('of a resumed ceremony logs what is left, not what was done before', async () => {
    await room.playUntil(ceremony, (next, act) => act === 'issue-crl' && next.kind === 'ask');
    ceremony = await room.resume();
    expect(await hold()).toBe(exitCodes.done);
    const acts = lines.filter((line) => /^\[ ?\d+\/14\] /u.test(line)).map((line) => Number(line.slice(1, 3)));
    expect(acts).toEqual([11, 12, 13, 14]);
  });
});
