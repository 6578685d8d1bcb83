import type { KeyAlgorithmName } from '../../core/ports/algorithm-names.ts';
import { durationSeconds } from '../../core/profile/duration.ts';
import type { LeafProfile } from '../../core/profile/profile.ts';
import type { DirectoryConfig } from '../ops/config.ts';
import type { AcmeOptions, ChallengeType } from '../ops/config-acme.ts';
import type { Issuer } from '../sign/issuer.ts';
import type { ValidityRules } from '../sign/validity.ts';
import type { AllowList } from './identifiers/name-policy.ts';
import type { RateLimit } from '../store/rate-limit.ts';
import type { RateLimits } from './rate-limits.ts';
import { urlsOf, type Urls } from './urls.ts';

/** What a certificate of an order is like. */
export interface IssuanceRules {
  readonly profile: LeafProfile;
  readonly validity: ValidityRules;
}

type RulesConfig = Pick<DirectoryConfig['profiles'][string], 'profile' | 'lifetime'>;

/** A named ACME endpoint with a policy of its own. */
export interface Directory extends IssuanceRules {
  readonly name: string;
  readonly urls: Urls;
  readonly issuer: Issuer;
  readonly challenges: readonly ChallengeType[];
  readonly allow: AllowList;
  /** Profiles that an order may name; where it names none, the directory's own rules hold. */
  readonly profiles: ReadonlyMap<string, IssuanceRules>;
  readonly options: AcmeOptions;
  /** Keys that certificates may be for. */
  readonly keys: readonly KeyAlgorithmName[];
  readonly rateLimits: RateLimits;
}

/**
 * Where records stay, so does what is wrong with them: draft-ietf-acme-dns-persist-02 §9.3.1 wants failures to be limited by name
 * and account.
 */
const failuresOfPersistent: RateLimit = { count: 60, period: 3600 };

function withDefaults(limits: RateLimits, challenges: readonly ChallengeType[]): RateLimits {
  if (!challenges.includes('dns-persist-01')) return limits;
  return { ...limits, failedValidationsPerName: limits.failedValidationsPerName ?? failuresOfPersistent };
}

export function makeDirectory(name: string, config: DirectoryConfig, issuer: Issuer, baseUrl: string): Directory {
  const { backdate, challenges, allow, deny, keys, rateLimits } = config;
  const rules = ({ profile = config.profile, lifetime = config.lifetime }: RulesConfig): IssuanceRules => ({
    profile,
    validity: {
      lifetime: {
        min: lifetime.min === undefined ? 0 : durationSeconds(lifetime.min),
        default: durationSeconds(lifetime.default),
        max: durationSeconds(lifetime.max),
      },
      backdate: durationSeconds(backdate),
      issuer: issuer.certificate.tbs,
    },
  });
  return {
    name,
    urls: urlsOf(baseUrl, name),
    issuer,
    ...rules({}),
    challenges,
    allow: { ...allow, deny },
    keys: keys ?? issuer.policy.keys,
    rateLimits: withDefaults(rateLimits, challenges),
    profiles: new Map(Object.entries(config.profiles).map(([profile, each]) => [profile, rules(each)])),
    options: config,
  };
}
