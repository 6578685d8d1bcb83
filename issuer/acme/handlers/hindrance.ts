import type { OrderFacts, OrderState } from '../../store/order.ts';
import { readOrder } from '../../store/read-order.ts';
import type { Directory } from '../directory.ts';
import { notFound } from '../problems.ts';
import { countAgainstLimit, namesSubject, requireLimit } from '../rate-limits.ts';
import type { AccountRequest } from '../request.ts';
import type { Services } from '../services.ts';

// How many certificates there may be for exactly the same names. A certificate is counted when it was made: whoever has one has
// proved control of all of them. Renewals are not counted (RFC 9773).

/** Counts the certificate of an order. */
export async function countNames(facts: OrderFacts, directory: Directory, services: Services): Promise<void> {
  if (facts.replaces !== null) return;
  await countAgainstLimit('ordersPerNames', namesSubject(facts.identifiers), directory, services);
}

/**
 * Throws `rateLimited` where a certificate for the names of an order would be one too many. Undefined where it would not, and
 * the order as it is where it has its certificate already: a client that did not hear of it asks again.
 */
export async function stateOverLimit(
  facts: OrderFacts,
  { caller, directory, nonce }: AccountRequest,
  services: Services,
): Promise<OrderState | undefined> {
  if (facts.replaces !== null) return undefined;
  try {
    await requireLimit('ordersPerNames', [namesSubject(facts.identifiers)], directory, services);
    return undefined;
  } catch (error) {
    const row = nonce.admit(await readOrder(services.database, caller, facts.id));
    if (row.id === null) throw notFound();
    if (row.status === 'ready') throw error;
    return row;
  }
}
