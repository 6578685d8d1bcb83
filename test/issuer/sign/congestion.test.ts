import { describe, expect, it } from 'vitest';
import { Congestion } from '../../../issuer/sign/congestion.ts';

/** A token that does so many at a time, each in so many seconds, on a clock of its own. */
function token(parallel: number, seconds: number) {
  let now = 100;
  const congestion = new Congestion(() => now);
  const waiting: (() => void)[] = [];
  const ends: Promise<void>[] = [];
  return {
    congestion,
    ask(count: number): void {
      for (let asked = 0; asked < count; asked += 1) {
        ends.push(congestion.count(() => new Promise<void>((resolve) => waiting.push(resolve))));
      }
    },
    /** One round: as many as it does at a time come to their end. */
    async pass(): Promise<void> {
      now += seconds;
      const ending = waiting.splice(0, parallel);
      const first = ends.splice(0, ending.length);
      for (const end of ending) end();
      await Promise.all(first);
    },
  };
}

describe('how long a signature would have to wait', () => {
  it('is nothing for a token that nobody has asked', () => {
    const { congestion, ask } = token(1, 1);
    expect(congestion.wait).toBe(0);
    ask(1000);
    expect(congestion.wait).toBe(0);
  });

  it.each([
    [1, 2, 10, 20],
    [8, 2, 40, 10],
    [1, 0.001, 1000, 1],
  ])('is what the last ones took: %i at a time, %d s each, %i waiting', async (parallel, seconds, count, wait) => {
    const { congestion, ask, pass } = token(parallel, seconds);
    ask(parallel * 100 + count);
    for (let round = 0; round < 100; round += 1) await pass();
    // With several at a time the ends come in bursts, and the mean goes up and down with them.
    expect(congestion.wait / wait).toBeGreaterThan(0.5);
    expect(congestion.wait / wait).toBeLessThan(2);
  });

  it('is nothing again once there is nothing to do, however slow it was', async () => {
    const { congestion, ask, pass } = token(1, 30);
    ask(20);
    for (let round = 0; round < 19; round += 1) await pass();
    expect(congestion.wait).toBeGreaterThan(10);
    await pass();
    expect(congestion.wait).toBe(0);
  });

  it('counts what fails like what succeeds', async () => {
    let now = 0;
    const congestion = new Congestion(() => now);
    const fails = congestion.count(() => {
      now += 5;
      return Promise.reject(new Error('the token is away'));
    });
    await expect(fails).rejects.toThrow('away');
    expect(congestion.wait).toBe(0);
  });
});
