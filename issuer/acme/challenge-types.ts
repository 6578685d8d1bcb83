import type { ChallengeType } from '../ops/config-acme.ts';
import { isWildcard, type Identifier } from './identifiers/identifier.ts';

/** What a challenge can prove. */
interface Reach {
  /** All names below one, as far as one label (RFC 8555 §7.1.3). */
  readonly wildcard: boolean;
  readonly ip: boolean;
  /** A name together with every name below it (RFC 9444 §4). */
  readonly subdomains: boolean;
}

const inDns: Reach = { wildcard: true, ip: false, subdomains: true };
const atHost: Reach = { wildcard: false, ip: true, subdomains: false };

/** RFC 8555 §8.3 and §8.4; RFC 8737 §3; RFC 8738 §4 and §7; RFC 9444 §4. */
const proves: Readonly<Record<ChallengeType, Reach>> = {
  'http-01': atHost,
  'dns-01': inDns,
  'tls-alpn-01': atHost,
  'dns-account-01': inDns,
  'dns-persist-01': inDns,
};

/** The challenges among `offered` that can prove control of an identifier. */
export function challengesFor(
  identifier: Identifier,
  offered: readonly ChallengeType[],
  subdomains = false,
): readonly ChallengeType[] {
  return offered.filter((type) => {
    if (identifier.type === 'ip') return proves[type].ip;
    return (proves[type].wildcard || !isWildcard(identifier)) && (proves[type].subdomains || !subdomains);
  });
}
