import type { NewAuthorization } from '../store/new-authorization.ts';
import { challengesFor } from './challenge-types.ts';
import type { Directory } from './directory.ts';
import { newId, newToken } from './ids.ts';
import { baseName, isWildcard, namesAbove, type Identifier } from './identifiers/identifier.ts';
import { policyFaults } from './identifiers/name-policy.ts';
import { identifierProblem } from './identifiers/parse-identifier.ts';
import { userActionRequired } from './problems.ts';
import type { Services } from './services.ts';

/** What an authorization is for: an identifier, or a domain with all that is below it (RFC 9444). */
export interface Subject {
  readonly identifier: Identifier;
  readonly subdomains: boolean;
}

/** What has to be authorized for an identifier of an order: itself, or the domain above it that the order names. */
export function subjectOf(identifier: Identifier): Subject {
  const { ancestorDomain } = identifier;
  if (ancestorDomain === undefined) return { identifier, subdomains: false };
  return { identifier: { type: 'dns', value: ancestorDomain }, subdomains: true };
}

/** An authorization to be stored, with the challenges that this directory offers for it. */
export function makeAuthorization(
  { identifier, subdomains }: Subject,
  position: number,
  { challenges, options }: Directory,
  services: Pick<Services, 'clock' | 'entropy'>,
): NewAuthorization {
  const value = baseName(identifier);
  const above = options.subdomains && identifier.type === 'dns' ? namesAbove(value) : [];
  return {
    id: newId(services),
    position,
    type: identifier.type,
    value,
    wildcard: isWildcard(identifier),
    subdomains,
    names: [value, ...above],
    challenges: challengesFor(identifier, challenges, subdomains).map((type) => ({
      id: newId(services),
      type,
      token: newToken(services.entropy),
    })),
  };
}

/** Refuses what the directory does not allow, and what none of its challenges can prove. */
export function requireAllowed(subjects: readonly Subject[], { allow, issuer, challenges }: Directory): void {
  const identifiers = subjects.map(({ identifier }) => identifier);
  const refused = policyFaults(identifiers, { allow, constraints: issuer.constraints });
  if (refused.length > 0) throw identifierProblem(refused);
  const unprovable = subjects.filter(
    ({ identifier, subdomains }) => challengesFor(identifier, challenges, subdomains).length === 0,
  );
  if (unprovable.length === 0) return;
  throw identifierProblem(
    unprovable.map(({ identifier }) => ({
      type: 'rejectedIdentifier',
      detail: `No challenge of this directory can prove control of "${identifier.value}".`,
      identifier,
    })),
  );
}

/** Refuses an account that has not agreed to the terms of service as they are now (RFC 8555 §7.3.3). */
export function requireAgreed(agreed: boolean, { options }: Directory): void {
  if (!agreed) throw userActionRequired(options.termsOfService ?? '');
}
