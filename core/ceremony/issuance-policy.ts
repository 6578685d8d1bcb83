import type { IssuancePolicy } from '../bundle/manifest.ts';
import type { Json } from '../ports/json.ts';
import { durationSeconds } from '../profile/duration.ts';
import type { IntermediateProfile } from '../profile/profile.ts';
import { formatSubjectPolicy } from '../profile/subject-policy.ts';
import { withoutUndefined } from '../profile/subject-schema.ts';
import { fact } from './facts.ts';
import type { Fact } from './prompt.ts';

/** A signed policy as the journal holds it. */
export function policyJson({ subject, ...base }: IssuancePolicy): Json {
  return subject === undefined ? base : { ...base, subject: withoutUndefined(subject) };
}

/** What the online issuer may do with this CA: goes into the manifest, and so under the bundle's signature. */
export function issuancePolicyOf({ issuance, eku }: IntermediateProfile): Json {
  const { maxValidity, keys, subject } = issuance;
  return policyJson({ maxValidity: durationSeconds(maxValidity), keys, eku, subject });
}

/** What is not in the certificate that people confirm, and is signed all the same. */
export function issuanceShown({ issuance: { subject } }: IntermediateProfile): readonly Fact[] {
  if (subject === undefined) return [];
  return [fact('subjects of its leaves, beside names', formatSubjectPolicy(subject))];
}
