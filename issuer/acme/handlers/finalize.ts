import { z } from 'zod';
import { equalBytes } from '../../../core/ports/bytes.ts';
import { isCoded } from '../../../core/ports/coded-error.ts';
import type { Csr } from '../../../core/x509/csr.ts';
import { issueCertificate, type Ledger } from '../../sign/issue.ts';
import { chooseValidity } from '../../sign/validity.ts';
import { abandonCertificate } from '../../store/abandon-certificate.ts';
import { intendForOrder } from '../../store/intend-for-order.ts';
import { orderStatus } from '../../store/order-status.ts';
import type { StoredOrder } from '../../store/order.ts';
import { readOrder } from '../../store/read-order.ts';
import { storeCertificate } from '../../store/store-certificate.ts';
import { readOrderCsr } from '../csr.ts';
import type { Directory } from '../directory.ts';
import { AcmeProblem, notFound } from '../problems.ts';
import { readPayload, type AccountRequest, type AcmeReply } from '../request.ts';
import type { Services } from '../services.ts';
import { orderStatusAt, type OrderStatus } from '../state/order.ts';
import { orderReply } from './order-reply.ts';

const payloadSchema = z.looseObject({ csr: z.string().min(1) });

/** What became of an order after work on it. */
export type FinalizeResult = Pick<StoredOrder, 'status' | 'error' | 'serial' | 'spki_sha256'>;

function orderNotReady(status: OrderStatus): AcmeProblem {
  return new AcmeProblem(
    'orderNotReady',
    `The order is ${status}.`,
    status === 'pending' ? 'Complete its authorizations first; the order stands.' : 'Make a new order.',
  );
}

function csrOf(text: string, order: StoredOrder, request: AccountRequest, services: Services): Csr {
  return readOrderCsr(text, {
    identifiers: order.identifiers,
    keys: request.directory.issuer.policy.keys,
    accountSpki: request.key.spki,
    verify: services.verify,
  });
}

function ledgerOf(orderId: string, { database }: Services): Ledger {
  return {
    intend: (intent) => intendForOrder(database, intent, orderId),
    store: (serial, der, now) => storeCertificate(database, serial, der, now),
    abandon: (serial, now) => abandonCertificate(database, serial, now),
  };
}

/** Lint may refuse the key of a CSR for a weakness that only it looks for: that is for the client to mend. */
function asProblem(error: unknown): unknown {
  if (!isCoded(error, 'lint-refused') || !/ cert-key-/u.test(error.message)) return error;
  return new AcmeProblem('badCSR', 'The key in the CSR is weak or malformed.', 'Make a new key and a new CSR.');
}

async function issue(order: StoredOrder, csr: Csr, directory: Directory, services: Services): Promise<FinalizeResult> {
  const { clock, issue: tools, database, counters } = services;
  const asked = { notBefore: order.not_before, notAfter: order.not_after };
  const request = {
    issuer: directory.issuer,
    profile: directory.profile,
    identifiers: order.identifiers,
    spki: csr.spki,
    ...chooseValidity(clock.now(), asked, directory.validity),
  };
  const issued = await issueCertificate(request, ledgerOf(order.id, services), tools);
  if (issued !== undefined) {
    counters.certificates += 1;
    const { serial } = issued;
    return { status: 'valid', error: null, serial, spki_sha256: tools.digest('sha256', csr.spki) };
  }
  // Another request was first: what it made of the order is the answer.
  return (await orderStatus(database, order.id)) ?? { status: 'invalid', error: null, serial: null, spki_sha256: null };
}

/** A repeated finalize is answered like the first when it is for the same key, and refused when it is for another. */
function requireSameKey(result: FinalizeResult, csr: Csr, { issue: { digest } }: Services): void {
  const same = result.spki_sha256 === null || equalBytes(result.spki_sha256, digest('sha256', csr.spki));
  if (!same) throw orderNotReady('valid');
}

/** RFC 8555 §7.4: takes the CSR of a ready order and answers with the order, valid and with its certificate. */
export async function finalize(request: AccountRequest, services: Services): Promise<AcmeReply> {
  const { caller, directory, nonce, params } = request;
  const { clock, database, finalizing } = services;
  const payload = readPayload(payloadSchema, request.payload);
  const row = nonce.admit(await readOrder(database, caller, params['id'] ?? ''));
  if (row.id === null) throw notFound();
  const order: StoredOrder = { ...row, id: row.id };
  const status = orderStatusAt({ status: order.status, expiresAt: order.expires_at }, clock.now());
  if (status === 'pending' || status === 'invalid') throw orderNotReady(status);
  const csr = csrOf(payload.csr, order, request, services);
  let result: FinalizeResult = order;
  if (status === 'ready') {
    try {
      result = await finalizing.run(order.id, () => issue(order, csr, directory, services));
    } catch (error) {
      throw asProblem(error);
    }
  }
  if (result.status === 'invalid' || result.status === 'pending') throw orderNotReady(result.status);
  requireSameKey(result, csr, services);
  return orderReply(200, { ...order, ...result }, directory.urls, clock.now());
}
