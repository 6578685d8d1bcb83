import type { AuthorizationRow } from '../../store/authorization.ts';
import { deactivateAuthorization } from '../../store/deactivate-authorization.ts';
import { readAuthorization } from '../../store/read-authorization.ts';
import { notFound, problemDocument, unauthorized } from '../problems.ts';
import type { AccountRequest, AcmeReply } from '../request.ts';
import type { Services } from '../services.ts';
import { authorizationReply } from './authorization-reply.ts';

const givenUp = problemDocument(unauthorized('An authorization of the order was deactivated.', 'Make a new order.'));

function wantsDeactivation(payload: unknown): boolean {
  return typeof payload === 'object' && payload !== null && 'status' in payload && payload.status === 'deactivated';
}

/** RFC 8555 §7.5 and §7.5.2: reads an authorization, or gives it up. */
export async function authorization(request: AccountRequest, services: Services): Promise<AcmeReply> {
  const { caller, nonce, params, payload } = request;
  const { clock, database } = services;
  const id = params['id'] ?? '';
  let row: AuthorizationRow;
  if (wantsDeactivation(payload)) {
    const changed = nonce.admit(await deactivateAuthorization(database, caller, id, givenUp));
    row = changed.changed ? { ...changed, status: 'deactivated' } : changed;
  } else {
    await services.validated(id);
    row = nonce.admit(await readAuthorization(database, caller, id));
  }
  if (row.id === null) throw notFound();
  return authorizationReply(200, { ...row, id: row.id }, request, clock.now());
}
