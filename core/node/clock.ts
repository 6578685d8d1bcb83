import type { Clock } from '../ports/clock.ts';

/** The machine's clock. The only place in the project that reads it. */
export const systemClock: Clock = {
  now: () => Math.floor(Date.now() / 1000),
};

/** Seconds since some moment, for measuring how long something took: it never goes back and says nothing of the date. */
export function monotonicSeconds(): number {
  return performance.now() / 1000;
}
