import { formatUtc } from '../../../core/profile/dates.ts';
import type { StoredAuthorization, StoredChallenge } from '../../store/authorization.ts';
import { retryAfter, type AccountRequest, type AcmeReply } from '../request.ts';
import { authorizationStatusAt } from '../state/authorization.ts';
import { challengeBody } from './challenge-body.ts';

/** Pending: what may be tried. Valid or invalid: what was tried (RFC 8555 §7.1.4). */
function challengesToShow({ status, challenges }: StoredAuthorization): readonly StoredChallenge[] {
  const tried = challenges.filter((challenge) => challenge.status === status);
  const shown = status === 'pending' || tried.length === 0 ? challenges : tried;
  // http-01 before dns-01: some clients take the first that they know.
  return shown.toSorted((left, right) => (left.type < right.type ? 1 : -1));
}

/** An authorization object (RFC 8555 §7.1.4): the identifier without "*.", which `wildcard` stands for. */
export function authorizationReply(
  status: 200 | 201,
  row: StoredAuthorization,
  { directory, caller }: AccountRequest,
  now: number,
): AcmeReply {
  const current = authorizationStatusAt({ status: row.status, expiresAt: row.expires_at }, now);
  return {
    status,
    headers: {
      ...(status === 201 ? { location: directory.urls.authorization(row.id) } : {}),
      ...(current === 'pending' ? retryAfter : {}),
    },
    body: {
      identifier: { type: row.identifier_type, value: row.identifier_value },
      status: current,
      expires: formatUtc(row.expires_at),
      challenges: challengesToShow(row).map((challenge) => challengeBody(challenge, directory, caller.accountId)),
      ...(row.wildcard ? { wildcard: true } : {}),
      ...(row.subdomains ? { subdomainAuthAllowed: true } : {}),
    },
  };
}
