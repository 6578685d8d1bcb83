import type { Directory } from './directory.ts';
import type { Services } from './services.ts';

/** Seconds for which a look at CAA records counts (BR 4.2.2.1). */
const caaLifetime = 8 * 3600;

/**
 * Seconds that an order or authorization lives. Where CAA is heeded, not longer than a look at it counts: then none that is
 * issued upon is too old.
 */
export function orderLifetime({ options }: Directory, { limits }: Pick<Services, 'limits'>): number {
  return options.checkCaa ? Math.min(limits.orderLifetime, caaLifetime) : limits.orderLifetime;
}
