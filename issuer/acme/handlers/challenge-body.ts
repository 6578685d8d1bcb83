import { formatUtc } from '../../../core/profile/dates.ts';
import type { StoredChallenge } from '../../store/authorization.ts';
import type { Directory } from '../directory.ts';

/**
 * What a client must know to answer: a token, or whom its record has to name (draft-ietf-acme-dns-persist-02 §3.1; the last two
 * members are what the drafts before had, which clients read).
 */
function materialOf({ type, token }: StoredChallenge, { urls, options }: Directory, accountId: string): object {
  if (type !== 'dns-persist-01') return { token };
  const names = options.caaIdentities;
  return { issuerDomainNames: names, 'issuer-domain-names': names, accounturi: urls.account(accountId) };
}

/** A challenge object (RFC 8555 §7.1.5, §8). */
export function challengeBody(challenge: StoredChallenge, directory: Directory, accountId: string): object {
  const { id, type, status, validated_at, error } = challenge;
  return {
    type,
    url: directory.urls.challenge(id),
    status,
    ...materialOf(challenge, directory, accountId),
    ...(validated_at === null ? {} : { validated: formatUtc(validated_at) }),
    ...(error === null ? {} : { error }),
  };
}
