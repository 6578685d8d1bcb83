import { readOrder } from '../../store/read-order.ts';
import { notFound } from '../problems.ts';
import type { AccountRequest, AcmeReply } from '../request.ts';
import type { Services } from '../services.ts';
import { orderReply } from './order-reply.ts';

/** RFC 8555 §7.4: an order as it is now. */
export async function order(request: AccountRequest, services: Services): Promise<AcmeReply> {
  const { caller, directory, nonce, params } = request;
  const row = nonce.admit(await readOrder(services.database, caller, params['id'] ?? ''));
  if (row.id === null) throw notFound();
  return orderReply(200, row, directory.urls, services.clock.now());
}
