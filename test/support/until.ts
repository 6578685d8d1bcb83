import { setTimeout as pause } from 'node:timers/promises';

const milliseconds = 20;

/**
 * Looks until there is something to see, and gives it. For more than forty seconds: nothing takes so long on an idle
 * machine, but a test must not fail because others keep the machine busy. Looks are counted and not the time, since such a
 * machine is late at both.
 */
export async function until<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  for (let looks = 0; looks < 2000; looks += 1) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
    await pause(milliseconds);
  }
  throw new Error(`${what}: waited for in vain`);
}
