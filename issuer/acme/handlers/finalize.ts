import { z } from 'zod';
import { equalBytes } from '../../../core/ports/bytes.ts';
import { isCoded } from '../../../core/ports/coded-error.ts';
import { issueCertificate } from '../../sign/issue.ts';
import { chooseValidity } from '../../sign/validity.ts';
import { abandonCertificate } from '../../store/abandon-certificate.ts';
import { findOrderFacts } from '../../store/find-order-facts.ts';
import { intendAgain } from '../../store/intend-again.ts';
import { intendForOrder, type Claim } from '../../store/intend-for-order.ts';
import { orderStatus } from '../../store/order-status.ts';
import type { OrderFacts, OrderState } from '../../store/order.ts';
import { storeCertificate } from '../../store/store-certificate.ts';
import { readOrderCsr, type OrderCsr } from '../csr.ts';
import type { Directory, IssuanceRules } from '../directory.ts';
import { AcmeProblem, notFound, unavailable } from '../problems.ts';
import { readPayload, type AccountRequest, type AcmeReply } from '../request.ts';
import type { Services } from '../services.ts';
import { orderStatusAt, type OrderStatus } from '../state/order.ts';
import { countNames, stateIfHindered } from './hindrance.ts';
import { orderReply } from './order-reply.ts';

const payloadSchema = z.looseObject({ csr: z.string().min(1) });

function orderNotReady(status: OrderStatus): AcmeProblem {
  return new AcmeProblem(
    'orderNotReady',
    `The order is ${status}.`,
    status === 'pending' ? 'Complete its authorizations first; the order stands.' : 'Make a new order.',
  );
}

/** The order's unchanging part, which the process that made the order still has at hand. */
async function factsOf({ caller, params }: AccountRequest, services: Services): Promise<OrderFacts> {
  const id = params['id'] ?? '';
  const { database, orders } = services;
  const facts = orders.get(id) ?? (await findOrderFacts(database, id));
  if (facts?.account_id !== caller.accountId) throw notFound();
  orders.set(id, facts);
  return facts;
}

function csrOf(text: string, facts: OrderFacts, request: AccountRequest, { verify }: Services): OrderCsr {
  const { directory, key } = request;
  const { subject } = rulesOf(facts, directory).profile;
  const { identifiers } = facts;
  const { keys, issuer } = directory;
  const { subjects } = issuer;
  return readOrderCsr(text, { identifiers, keys, accountSpki: key.spki, subject, subjects, verify });
}

/** Lint may refuse the key of a CSR for a weakness that only it looks for: that is for the client to mend. */
function asProblem(error: unknown): unknown {
  if (!isCoded(error, 'lint-refused') || !/ cert-key-/u.test(error.message)) return error;
  return new AcmeProblem('badCSR', 'The key in the CSR is weak or malformed.', 'Make a new key and a new CSR.');
}

/** What the order was when it could not be claimed: where that is out of date, what it is now. */
async function stateOf(row: Claim | undefined, facts: OrderFacts, services: Services): Promise<OrderState> {
  if (row === undefined || row.status === null) throw notFound();
  const { status, error, serial, spki_sha256 } = row;
  const now = orderStatusAt({ status, expiresAt: facts.expires_at }, services.clock.now());
  if (now !== 'ready') return { status: now, error, serial, spki_sha256 };
  if (row.blocked)
    throw new AcmeProblem('badCSR', 'The key in the CSR is known to others.', 'Make a new key and a new CSR.');
  // Another request was first, between our look and our grasp.
  const state = await orderStatus(services.database, facts.id);
  if (state === undefined) throw notFound();
  // Ready and yet not to be claimed: the database thinks that it has expired.
  return state.status === 'ready' ? { ...state, status: 'invalid' } : state;
}

/** The rules of the order's profile, which the configuration may have lost since the order was placed. */
function rulesOf({ profile }: OrderFacts, directory: Directory): IssuanceRules {
  const rules = profile === null ? directory : directory.profiles.get(profile);
  if (rules !== undefined) return rules;
  throw new AcmeProblem('invalidProfile', 'The profile of the order is not offered any more.', 'Make a new order.');
}

/**
 * Makes the certificate, and once more when the token failed so that nobody knows whether it signed: the first serial
 * number is given up with its record, the second is another certificate.
 */
async function issue(
  facts: OrderFacts,
  csr: OrderCsr,
  request: AccountRequest,
  services: Services,
): Promise<OrderState> {
  try {
    return await tryToIssue(facts, csr, request, services);
  } catch (error) {
    if (!request.nonce.spent || !isCoded(error) || !error.code.startsWith('token-')) throw error;
    return tryToIssue(facts, csr, request, services);
  }
}

/** Claims the order and makes its certificate; what the order is then. The first claim spends the request's nonce. */
async function tryToIssue(
  facts: OrderFacts,
  csr: OrderCsr,
  request: AccountRequest,
  services: Services,
): Promise<OrderState> {
  const { caller, directory, nonce } = request;
  const { clock, issue: tools, database, counters } = services;
  const asked = { notBefore: facts.not_before, notAfter: facts.not_after };
  const { profile, validity } = rulesOf(facts, directory);
  let claim: Claim | undefined;
  const issued = await issueCertificate(
    {
      issuer: directory.issuer,
      profile,
      identifiers: facts.identifiers,
      spki: csr.spki,
      subject: csr.subject,
      ...chooseValidity(clock.now(), asked, validity),
    },
    {
      async intend(intent) {
        claim = nonce.spent
          ? await intendAgain(database, intent, facts.id)
          : nonce.admit(await intendForOrder(database, caller, intent, facts.id));
        return claim?.claimed === true;
      },
      store: (serial, der, now) => storeCertificate(database, serial, der, now),
      abandon: (serial, now) => abandonCertificate(database, serial, now),
    },
    tools,
  );
  if (issued === undefined) return stateOf(claim, facts, services);
  counters.certificates += 1;
  await countNames(facts, directory, services);
  const { serial } = issued;
  return { status: 'valid', error: null, serial, spki_sha256: tools.digest('sha256', csr.spki) };
}

/** Told at once that the token is too slow, a client comes again; told after half a minute, it has given up. */
async function issueWhereThereIsRoom(...args: Parameters<typeof issue>): Promise<OrderState> {
  const [, , , { roomToSign }] = args;
  if (!roomToSign()) throw unavailable;
  return issue(...args);
}

/** A repeated finalize is answered like the first when it is for the same key, and refused when it is for another. */
function requireSameKey({ status, spki_sha256 }: OrderState, csr: OrderCsr, { issue: { digest } }: Services): void {
  const same = spki_sha256 === null || equalBytes(spki_sha256, digest('sha256', csr.spki));
  if (!same) throw orderNotReady(status);
}

/** RFC 8555 §7.4: takes the CSR of a ready order and answers with the order, valid and with its certificate. */
export async function finalize(request: AccountRequest, services: Services): Promise<AcmeReply> {
  const { directory } = request;
  const { clock, finalizing } = services;
  const payload = readPayload(payloadSchema, request.payload);
  const facts = await factsOf(request, services);
  const csr = csrOf(payload.csr, facts, request, services);
  let state: OrderState;
  try {
    state =
      (await stateIfHindered(facts, rulesOf(facts, directory).validity, request, services)) ??
      (await finalizing.run(facts.id, () => issueWhereThereIsRoom(facts, csr, request, services)));
  } catch (error) {
    throw asProblem(error);
  }
  if (state.status === 'invalid' || state.status === 'pending') throw orderNotReady(state.status);
  requireSameKey(state, csr, services);
  return orderReply(200, { ...facts, ...state }, directory.urls, clock.now());
}
