import { durationSeconds } from '../../core/profile/duration.ts';
import { namesAbove } from '../acme/identifiers/identifier.ts';
import { isBelow } from '../acme/identifiers/name-policy.ts';
import type { Config } from '../ops/config.ts';
import type { ChallengeType } from '../ops/config-acme.ts';
import { heedingCaa } from './caa.ts';
import { dns01 } from './dns-01.ts';
import { dnsAccount01 } from './dns-account-01.ts';
import { dnsPersist01, type DnsPersist01Settings } from './dns-persist-01.ts';
import { Dns } from './dns.ts';
import { http01 } from './http-01.ts';
import { NetworkPolicy } from './networks.ts';
import { tlsAlpn01 } from './tls-alpn-01.ts';
import type { Validator } from './validator.ts';

type Validators = Readonly<Record<ChallengeType, Validator>>;

/** What validators must know of the issuer beside their own settings. */
interface Surroundings extends Pick<DnsPersist01Settings, 'clock' | 'hashPrefix' | 'keysOf'> {
  readonly directories: Config['directories'];
}

/** The validator of every challenge type, for one way to reach out. */
function validatorsFor(
  validation: Config['validation'],
  { directories, clock, hashPrefix, keysOf }: Surroundings,
): Validators {
  const { resolver, httpPort, httpsPort, tlsAlpnPort, allowedNetworks, deniedNetworks } = validation;
  const dns = new Dns({ ...resolver, timeout: durationSeconds(resolver.timeout) * 1000 });
  const networks = new NetworkPolicy({ allowed: allowedNetworks, denied: deniedNetworks });
  const identities = (directory: string): readonly string[] => directories[directory]?.caaIdentities ?? [];
  const heeded = (directory: string): readonly string[] | undefined =>
    directories[directory]?.checkCaa === true ? identities(directory) : undefined;
  const above = (directory: string, name: string): readonly string[] => {
    const { subdomains = false, allow } = directories[directory] ?? {};
    return subdomains ? namesAbove(name).filter((domain) => isBelow(domain, allow?.dns ?? [])) : [];
  };
  const heeding = (validator: Validator): Validator => heedingCaa(validator, dns, heeded);
  return {
    'http-01': heeding(http01({ dns, networks, httpPort, httpsPort })),
    'dns-01': heeding(dns01(dns)),
    'tls-alpn-01': heeding(tlsAlpn01({ dns, networks, port: tlsAlpnPort })),
    'dns-account-01': heeding(dnsAccount01(dns)),
    'dns-persist-01': heeding(dnsPersist01({ dns, clock, identities, above, hashPrefix, keysOf })),
  };
}

type Present<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

/** Only what was said: a setting that is left out is as it is for all. */
function present<T extends object>(settings: T): Present<T> {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as Present<T>;
}

/** Validators by directory, as the configuration has them reach out: the same for all but those with settings of their own. */
export function makeValidators(
  validation: Config['validation'],
  surroundings: Surroundings,
): (directory: string) => Validators {
  const common = validatorsFor(validation, surroundings);
  const own = new Map<string, Validators>();
  for (const [name, directory] of Object.entries(surroundings.directories)) {
    const settings = present(directory.validation);
    if (Object.keys(settings).length === 0) continue;
    own.set(name, validatorsFor({ ...validation, ...settings }, surroundings));
  }
  return (directory) => own.get(directory) ?? common;
}
