import { askedValidityFault, type ValidityRules } from '../../sign/validity.ts';
import type { OrderFacts, OrderState } from '../../store/order.ts';
import { readOrder } from '../../store/read-order.ts';
import type { Directory } from '../directory.ts';
import { policyFaults } from '../identifiers/name-policy.ts';
import { identifierProblem } from '../identifiers/parse-identifier.ts';
import { AcmeProblem, malformed, notFound } from '../problems.ts';
import { countAgainstLimit, namesSubject, requireLimit } from '../rate-limits.ts';
import type { AccountRequest } from '../request.ts';
import type { Services } from '../services.ts';

// An order lives for days, and the rules may be others when it is finalized. What is signed goes by the rules of then: names that
// the directory allows, dates within what was signed for the CA, and no more certificates for the same names than there may be.

/** Counts the certificate of an order: whoever has one has proved control of its names. Renewals in time are not (free-renewal.ts). */
export async function countNames(facts: OrderFacts, directory: Directory, services: Services): Promise<void> {
  if (facts.uncounted) return;
  await countAgainstLimit('ordersPerNames', namesSubject(facts.identifiers), directory, services);
}

function requireRules(facts: OrderFacts, { allow, issuer }: Directory, rules: ValidityRules, now: number): void {
  const refused = policyFaults(facts.identifiers, { allow, constraints: issuer.constraints });
  if (refused.length > 0) throw identifierProblem(refused);
  const asked = { notBefore: facts.not_before, notAfter: facts.not_after };
  const fault = askedValidityFault(now, asked, rules, 0);
  if (fault !== undefined) {
    throw malformed(`Such a certificate cannot be issued any more: ${fault}.`, 'Make a new order.');
  }
}

/**
 * Throws what stands in the way of the certificate of an order. Undefined where nothing does, and the order as it is where it
 * has its certificate already: a client that did not hear of it asks again.
 */
export async function stateIfHindered(
  facts: OrderFacts,
  rules: ValidityRules,
  { caller, directory, nonce }: AccountRequest,
  services: Services,
): Promise<OrderState | undefined> {
  try {
    requireRules(facts, directory, rules, services.clock.now());
    if (facts.uncounted) return undefined;
    await requireLimit('ordersPerNames', [namesSubject(facts.identifiers)], directory, services);
    return undefined;
  } catch (error) {
    if (!(error instanceof AcmeProblem)) throw error;
    const row = nonce.admit(await readOrder(services.database, caller, facts.id));
    if (row.id === null) throw notFound();
    if (row.status === 'ready') throw error;
    return row;
  }
}
