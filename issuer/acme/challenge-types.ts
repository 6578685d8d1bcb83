import type { ChallengeType } from '../ops/config.ts';
import { isWildcard, type Identifier } from './identifiers/identifier.ts';

/** What each challenge can prove (RFC 8555 §8.3, §8.4; RFC 8738 §4). */
const proves: Readonly<Record<ChallengeType, { readonly wildcard: boolean; readonly ip: boolean }>> = {
  'http-01': { wildcard: false, ip: true },
  'dns-01': { wildcard: true, ip: false },
};

/** The challenges among `offered` that can prove control of an identifier. */
export function challengesFor(identifier: Identifier, offered: readonly ChallengeType[]): readonly ChallengeType[] {
  return offered.filter((type) => {
    if (identifier.type === 'ip') return proves[type].ip;
    return proves[type].wildcard || !isWildcard(identifier);
  });
}
