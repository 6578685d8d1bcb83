import type { Clock } from '../ports/clock.ts';

/** The machine's clock. The only place in the project that reads it. */
export const systemClock: Clock = {
  now: () => Math.floor(Date.now() / 1000),
};
