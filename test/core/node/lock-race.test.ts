import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addLockNote } from '../../../core/node/lock-notes.ts';
import { markOf } from '../../../core/node/process-mark.ts';
import { Contender, contenders } from '../../support/contender.ts';
import { testFolder } from '../../support/folder.ts';
import type { Answer } from '../../support/lock-contender.ts';

const folder = testFolder();
const hook = path.join(import.meta.dirname, 'lock-kill-hook.mjs');
let all: readonly Contender[] = [];

beforeAll(async () => {
  all = await contenders(5);
}, 60_000);
afterAll(() => Promise.all(all.map((contender) => contender.kill())));

/** All try in the same moment: who got it (or waits to have it), and what they said; the others are told at once. */
async function race(file: string): Promise<{ readonly winner: Contender; readonly said: Answer }> {
  const answers = await Promise.all(all.map((contender) => contender.ask({ do: 'lock', file })));
  const winners = answers.flatMap((said, index) => (said === 'locked' ? [] : [{ said, winner: all[index] }]));
  expect(winners.map(({ said }) => said)).toEqual([expect.stringMatching(/^(held|waiting)$/u)]);
  return winners[0] as { winner: Contender; said: Answer };
}

/** A process that works for somebody until it is told to end. */
function helper(): ChildProcess {
  return spawn('cat', { stdio: ['pipe', 'ignore', 'ignore'] });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, 'exit');
  child.stdin?.end();
  await ended;
}

/** Has a holder work with a helper and be killed; the helper goes on. */
async function killedHolder(file: string): Promise<ChildProcess> {
  const works = helper();
  const holder = await Contender.start();
  expect(await holder.ask({ do: 'lock', file })).toBe('held');
  expect(await holder.ask({ do: 'note', pid: works.pid ?? 0 })).toBe('done');
  await holder.kill();
  return works;
}

describe('of several processes that want a lock in the same moment exactly one gets it', () => {
  it('where nobody had it', async () => {
    for (let round = 0; round < 20; round += 1) {
      const { winner, said } = await race(folder.path(`lock-${round}`));
      expect(said).toBe('held');
      await winner.ask({ do: 'release' });
    }
  });

  it('where its holder was killed', async () => {
    for (let round = 0; round < 3; round += 1) {
      const file = folder.path(`lock-${round}`);
      await end(await killedHolder(file));
      const { winner, said } = await race(file);
      expect(said).toBe('held');
      await winner.ask({ do: 'release' });
    }
  });

  it('where its holder was killed and a helper still works: that one waits for the helper', async () => {
    const file = folder.path('lock');
    const works = await killedHolder(file);
    const { winner, said } = await race(file);
    expect(said).toBe('waiting');
    await end(works);
    expect(await winner.next()).toBe('held');
    await winner.ask({ do: 'release' });
  });

  it('while it is let go again and again, and each gets it in the end', async () => {
    const order = { do: 'churn', file: folder.path('lock'), inside: folder.path('inside'), times: 20 } as const;
    expect(await Promise.all(all.map((contender) => contender.ask(order)))).toEqual(all.map(() => 'done'));
    expect(readdirSync(folder.path())).toEqual(['lock.held']);
  });
});

/** What a holder was doing when it was killed. */
type Doing = 'lock' | 'wait' | 'note' | 'release';

/**
 * Takes over from a killed holder whose helper, `first`, still works and then ends; notes a `second`, which ends too; lets
 * go. Killed before its n-th step: what it was doing then, or undefined when it has fewer.
 */
async function killedAt(
  count: number,
  file: string,
  first: ChildProcess,
  second: ChildProcess,
): Promise<Doing | undefined> {
  const contender = await Contender.start([hook], { COLDROOT_TEST_HOOK: JSON.stringify({ file, count }) });
  const course: readonly [Doing, () => Promise<Answer>][] = [
    ['lock', () => contender.ask({ do: 'lock', file })],
    ['wait', () => end(first).then(() => contender.next())],
    ['note', () => contender.ask({ do: 'note', pid: second.pid ?? 0 })],
    ['release', () => end(second).then(() => contender.ask({ do: 'release' }))],
  ];
  for (const [doing, go] of course) {
    if ((await go()) === 'ended by SIGKILL') return doing;
  }
  await contender.kill();
  return undefined;
}

/** What the one that takes over must do first: wait where a noted helper still works. Of a note cut off, either is right. */
const next: Readonly<Record<Doing, RegExp>> = {
  lock: /^waiting$/u,
  wait: /^held$/u,
  note: /^(held|waiting)$/u,
  release: /^held$/u,
};

it('a holder may be killed at any step: exactly one takes over, after the helpers that were noted', async () => {
  const killed = new Set<Doing>();
  for (let count = 1; ; count += 1) {
    const file = folder.path(`lock-${count}`);
    const first = helper();
    // As a holder leaves it that was killed; a real one is in the tests above.
    addLockNote(file, 'helper', markOf(first.pid ?? 0));
    const second = helper();
    const doing = await killedAt(count, file, first, second);
    if (doing === undefined) {
      await end(second);
      break;
    }
    killed.add(doing);
    const { winner, said } = await race(file);
    expect(said).toMatch(next[doing]);
    await Promise.all([end(first), end(second)]);
    expect(said === 'waiting' ? await winner.next() : said).toBe('held');
    await winner.ask({ do: 'release' });
  }
  expect([...killed]).toEqual(['lock', 'wait', 'note', 'release']);
}, 120_000);
