import type { Clock } from '../../core/ports/clock.ts';
import { durationSeconds } from '../../core/profile/duration.ts';
import type { Config } from '../ops/config.ts';
import type { ChallengeType } from '../ops/config-acme.ts';
import { heedingCaa } from './caa.ts';
import { dns01 } from './dns-01.ts';
import { dnsAccount01 } from './dns-account-01.ts';
import { dnsPersist01 } from './dns-persist-01.ts';
import { Dns } from './dns.ts';
import { http01 } from './http-01.ts';
import { NetworkPolicy } from './networks.ts';
import { tlsAlpn01 } from './tls-alpn-01.ts';
import type { Validator } from './validator.ts';

/** The validator of every challenge type, as the configuration has them reach out. */
export function makeValidators(
  validation: Config['validation'],
  directories: Config['directories'],
  clock: Clock,
): Readonly<Record<ChallengeType, Validator>> {
  const { resolver, httpPort, httpsPort, tlsAlpnPort, allowedNetworks, deniedNetworks } = validation;
  const dns = new Dns({ ...resolver, timeout: durationSeconds(resolver.timeout) * 1000 });
  const networks = new NetworkPolicy({ allowed: allowedNetworks, denied: deniedNetworks });
  const identities = (directory: string): readonly string[] => directories[directory]?.caaIdentities ?? [];
  const heeded = (directory: string): readonly string[] | undefined =>
    directories[directory]?.checkCaa === true ? identities(directory) : undefined;
  const heeding = (validator: Validator): Validator => heedingCaa(validator, dns, heeded);
  return {
    'http-01': heeding(http01({ dns, networks, httpPort, httpsPort })),
    'dns-01': heeding(dns01(dns)),
    'tls-alpn-01': heeding(tlsAlpn01({ dns, networks, port: tlsAlpnPort })),
    'dns-account-01': heeding(dnsAccount01(dns)),
    'dns-persist-01': heeding(dnsPersist01({ dns, clock, identities })),
  };
}
