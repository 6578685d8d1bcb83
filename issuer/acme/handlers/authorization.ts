import { formatUtc } from '../../../core/profile/dates.ts';
import type { AuthorizationRow, StoredAuthorization, StoredChallenge } from '../../store/authorization.ts';
import { deactivateAuthorization } from '../../store/deactivate-authorization.ts';
import { readAuthorization } from '../../store/read-authorization.ts';
import { notFound, problemDocument, unauthorized } from '../problems.ts';
import { retryAfter, type AccountRequest, type AcmeReply } from '../request.ts';
import type { Services } from '../services.ts';
import { authorizationStatusAt } from '../state/authorization.ts';
import type { Urls } from '../urls.ts';
import { challengeBody } from './challenge-body.ts';

const givenUp = problemDocument(unauthorized('An authorization of the order was deactivated.', 'Make a new order.'));

/** An authorization object (RFC 8555 §7.1.4): the identifier without "*.", which `wildcard` stands for. */
function authorizationReply(row: StoredAuthorization, urls: Urls, now: number): AcmeReply {
  const status = authorizationStatusAt({ status: row.status, expiresAt: row.expires_at }, now);
  return {
    status: 200,
    ...(status === 'pending' ? { headers: retryAfter } : {}),
    body: {
      identifier: { type: row.identifier_type, value: row.identifier_value },
      status,
      expires: formatUtc(row.expires_at),
      challenges: challengesToShow(row).map((challenge) => challengeBody(challenge, urls)),
      ...(row.wildcard ? { wildcard: true } : {}),
    },
  };
}

/** Pending: what may be tried. Valid or invalid: what was tried (RFC 8555 §7.1.4). */
function challengesToShow({ status, challenges }: StoredAuthorization): readonly StoredChallenge[] {
  const tried = challenges.filter((challenge) => challenge.status === status);
  return status === 'pending' || tried.length === 0 ? challenges : tried;
}

function wantsDeactivation(payload: unknown): boolean {
  return typeof payload === 'object' && payload !== null && 'status' in payload && payload.status === 'deactivated';
}

/** RFC 8555 §7.5 and §7.5.2: reads an authorization, or gives it up. */
export async function authorization(request: AccountRequest, services: Services): Promise<AcmeReply> {
  const { caller, directory, nonce, params, payload } = request;
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
  return authorizationReply({ ...row, id: row.id }, directory.urls, clock.now());
}
