import { durationSeconds } from '../../core/profile/duration.ts';
import type { LeafProfile } from '../../core/profile/profile.ts';
import type { ChallengeType, DirectoryConfig } from '../ops/config.ts';
import type { Issuer } from '../sign/issuer.ts';
import type { ValidityRules } from '../sign/validity.ts';
import type { AllowList } from './identifiers/name-policy.ts';
import { urlsOf, type Urls } from './urls.ts';

/** A named ACME endpoint with a policy of its own. */
export interface Directory {
  readonly name: string;
  readonly urls: Urls;
  readonly issuer: Issuer;
  readonly profile: LeafProfile;
  readonly challenges: readonly ChallengeType[];
  readonly validity: ValidityRules;
  readonly allow: AllowList;
}

export function makeDirectory(name: string, config: DirectoryConfig, issuer: Issuer, baseUrl: string): Directory {
  const { lifetime, backdate, profile, challenges, allow } = config;
  return {
    name,
    urls: urlsOf(baseUrl, name),
    issuer,
    profile,
    challenges,
    validity: {
      lifetime: { default: durationSeconds(lifetime.default), max: durationSeconds(lifetime.max) },
      backdate: durationSeconds(backdate),
      issuer: issuer.certificate.tbs,
    },
    allow,
  };
}
