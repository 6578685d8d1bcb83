import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Schedule } from '../../../../core/node/pkcs11/schedule.ts';
import { coded } from './coded.ts';

const never = () => new Promise<void>(() => undefined);

describe('the schedule of a PKCS#11 library', () => {
  it('lets at most eight signatures run, everything else alone, each in its turn, and none twice', async () => {
    const modes = fc.array(fc.constantFrom('shared' as const, 'exclusive' as const), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), modes, async (scheduler, wanted) => {
        const schedule = new Schedule();
        const started: number[] = [];
        let [shared, exclusive] = [0, 0];
        const all = wanted.map((mode, index) =>
          schedule.run(mode, async () => {
            started.push(index);
            if (mode === 'shared') shared += 1;
            else exclusive += 1;
            expect(exclusive === 0 ? shared <= 8 : exclusive === 1 && shared === 0).toBe(true);
            await scheduler.schedule(Promise.resolve());
            if (mode === 'shared') shared -= 1;
            else exclusive -= 1;
            return index;
          }),
        );
        await scheduler.waitFor(Promise.all(all));
        expect(await Promise.all(all)).toEqual(wanted.map((_, index) => index));
        expect(started).toEqual(wanted.map((_, index) => index));
      }),
    );
  });

  it('goes on after a task that failed', async () => {
    const schedule = new Schedule();
    await expect(schedule.run('exclusive', () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    expect(await schedule.run('exclusive', () => Promise.resolve(1))).toBe(1);
  });

  it('refuses when 1,024 wait already', async () => {
    const schedule = new Schedule();
    void schedule.run('exclusive', never);
    for (let count = 0; count < 1024; count += 1) void schedule.run('shared', never);
    await expect(schedule.run('shared', never)).rejects.toEqual(coded('token-busy'));
  });
});
