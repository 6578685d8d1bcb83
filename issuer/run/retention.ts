import type { Clock } from '../../core/ports/clock.ts';
import { formatUtc } from '../../core/profile/dates.ts';
import type { Database } from '../store/database.ts';
import { forgetOld } from '../store/forget-orders.ts';

const atOnce = 1000;
const rounds = 50;

/**
 * A job: forgets orders and authorizations that ended long ago, a bounded number at a time, so that neither table grows for
 * ever. Certificates stay: they are the record that CRLs and OCSP answers are made of.
 */
export async function forgetOldOrders(
  database: Database,
  clock: Clock,
  { retention, orderLifetime }: { readonly retention: number; readonly orderLifetime: number },
): Promise<void> {
  const now = clock.now();
  const endedBefore = formatUtc(now - retention);
  // Neither lives longer than an order does, and an authorization may be in an order as young as its own end.
  const madeBefore = { orders: now - retention - orderLifetime, authorizations: now - retention - 2 * orderLifetime };
  for (const what of ['orders', 'authorizations'] as const) {
    const times = { madeBefore: formatUtc(madeBefore[what]), endedBefore };
    for (let round = 0; round < rounds; round += 1) {
      if ((await forgetOld(database, what, times, atOnce)) < atOnce) break;
    }
  }
}
