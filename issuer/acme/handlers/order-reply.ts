import { formatUtc } from '../../../core/profile/dates.ts';
import type { StoredOrder } from '../../store/order.ts';
import { problemDocument, unauthorized } from '../problems.ts';
import { retryAfter, type AcmeReply } from '../request.ts';
import { orderStatusAt } from '../state/order.ts';
import type { Urls } from '../urls.ts';

/** Statuses in which a client waits for us, and is told when to look again. */
const waiting: readonly string[] = ['pending', 'processing'];

const lapsed = problemDocument(unauthorized('The order has expired.', 'Make a new order.'));

/** An order object (RFC 8555 §7.1.3) as it is now; clients read its Location in every answer. */
export function orderReply(status: 200 | 201, order: StoredOrder, urls: Urls, now: number): AcmeReply {
  const current = orderStatusAt({ status: order.status, expiresAt: order.expires_at }, now);
  const error = order.error ?? (current === order.status ? undefined : lapsed);
  return {
    status,
    headers: { location: urls.order(order.id), ...(waiting.includes(current) ? retryAfter : {}) },
    body: {
      status: current,
      expires: formatUtc(order.expires_at),
      identifiers: order.identifiers,
      ...(order.not_before === null ? {} : { notBefore: formatUtc(order.not_before) }),
      ...(order.not_after === null ? {} : { notAfter: formatUtc(order.not_after) }),
      ...(order.replaces === null ? {} : { replaces: order.replaces }),
      ...(order.profile === null ? {} : { profile: order.profile }),
      ...(error === undefined ? {} : { error }),
      authorizations: order.authorizations.map((id) => urls.authorization(id)),
      finalize: urls.finalize(order.id),
      ...(order.serial === null ? {} : { certificate: urls.certificate(order.serial) }),
    },
  };
}
