import { formatUtc } from '../../../core/profile/dates.ts';
import { listOrders } from '../../store/list-orders.ts';
import { unauthorized } from '../problems.ts';
import type { AccountRequest, AcmeReply } from '../request.ts';
import type { Services } from '../services.ts';

const pageLength = 100;

/** RFC 8555 §7.1.2.1: the account's orders that are not invalid, in pages. */
export async function orders(request: AccountRequest, services: Services): Promise<AcmeReply> {
  const { caller, directory, nonce, params } = request;
  if (params['id'] !== caller.accountId) throw unauthorized('This is the list of another account.');
  const { clock, database } = services;
  // One more than a page holds tells whether there is another page.
  const page = { after: params['after'] ?? '', now: formatUtc(clock.now()), limit: pageLength + 1 };
  const found = nonce.admit(await listOrders(database, caller, page)).orders;
  const shown = found.slice(0, pageLength);
  const { urls } = directory;
  const next = found.length > pageLength ? [`<${urls.orders(caller.accountId, shown.at(-1))}>;rel="next"`] : [];
  return { status: 200, links: next, body: { orders: shown.map((id) => urls.order(id)) } };
}
