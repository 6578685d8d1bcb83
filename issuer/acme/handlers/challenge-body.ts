import { formatUtc } from '../../../core/profile/dates.ts';
import type { StoredChallenge } from '../../store/authorization.ts';
import type { Urls } from '../urls.ts';

/** A challenge object (RFC 8555 §7.1.5, §8). */
export function challengeBody(challenge: StoredChallenge, urls: Urls): object {
  const { id, type, status, token, validated_at, error } = challenge;
  return {
    type,
    url: urls.challenge(id),
    status,
    token,
    ...(validated_at === null ? {} : { validated: formatUtc(validated_at) }),
    ...(error === null ? {} : { error }),
  };
}
