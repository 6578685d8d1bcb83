import { z } from 'zod';
import { formatUtc } from '../../../core/profile/dates.ts';
import { insertAuthorization } from '../../store/insert-authorization.ts';
import { isWildcard } from '../identifiers/identifier.ts';
import { parseIdentifiers } from '../identifiers/parse-identifier.ts';
import { makeAuthorization, requireAgreed, requireAllowed } from '../make-authorization.ts';
import { orderLifetime } from '../order-lifetime.ts';
import { malformed, notFound } from '../problems.ts';
import { readPayload, type AccountRequest, type AcmeReply } from '../request.ts';
import type { Services } from '../services.ts';
import { authorizationReply } from './authorization-reply.ts';

const payloadSchema = z.looseObject({
  identifier: z.looseObject({
    type: z.string(),
    value: z.string(),
    subdomainAuthAllowed: z.boolean().optional(),
  }),
});

/** RFC 8555 §7.4.1: an authorization before any order; RFC 9444 §4.2: for the names below as well. */
export async function newAuthz(request: AccountRequest, services: Services): Promise<AcmeReply> {
  const { caller, directory, nonce } = request;
  const { options } = directory;
  // Where no order would use it, there is no such resource (and the directory does not name it).
  if (!options.reuseAuthorizations) throw notFound();
  const { identifier: asked } = readPayload(payloadSchema, request.payload);
  const [identifier] = parseIdentifiers([{ type: asked.type, value: asked.value }]);
  if (identifier === undefined || isWildcard(identifier)) {
    throw malformed('An authorization for a wildcard comes with its order alone (RFC 8555 section 7.4.1).');
  }
  const subject = { identifier, subdomains: options.subdomains && asked.subdomainAuthAllowed === true };
  requireAllowed([subject], directory);
  const made = makeAuthorization(subject, 0, directory, services);
  const now = services.clock.now();
  const expires_at = now + orderLifetime(directory, services);
  const terms = { now: formatUtc(now), expires: formatUtc(expires_at), terms: options.termsOfService ?? null };
  const row = nonce.admit(await insertAuthorization(services.database, caller, made, terms));
  requireAgreed(row.agreed, directory);
  const stored = {
    id: made.id,
    status: 'pending',
    identifier_type: identifier.type,
    identifier_value: identifier.value,
    wildcard: false,
    subdomains: subject.subdomains,
    expires_at,
    challenges: made.challenges.map(
      (each) => ({ ...each, status: 'pending', validated_at: null, error: null }) as const,
    ),
  } as const;
  return authorizationReply(201, stored, request, now);
}
