import { z } from 'zod';
import { formatUtc } from '../../../core/profile/dates.ts';
import { askedValidityFault } from '../../sign/validity.ts';
import { insertOrder, type NewAuthorization } from '../../store/insert-order.ts';
import { challengesFor } from '../challenge-types.ts';
import type { Directory } from '../directory.ts';
import { newId, newToken } from '../ids.ts';
import { baseName, isWildcard, type Identifier } from '../identifiers/identifier.ts';
import { policyFaults } from '../identifiers/name-policy.ts';
import { identifierProblem, parseIdentifiers } from '../identifiers/parse-identifier.ts';
import { malformed } from '../problems.ts';
import { readPayload, type AccountRequest, type AcmeReply } from '../request.ts';
import type { Services } from '../services.ts';
import { orderReply } from './order-reply.ts';

const payloadSchema = z.looseObject({
  identifiers: z.array(z.looseObject({ type: z.string(), value: z.string() })).min(1),
  notBefore: z.string().max(64).nullish(),
  notAfter: z.string().max(64).nullish(),
});

const rfc3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/iu;

/** Seconds since the epoch; null for nothing and for the zero time that the step client sends for nothing. */
function readTime(name: string, text: string | null | undefined): number | null {
  if (text === null || text === undefined || text.startsWith('0001-01-01T00:00:00')) return null;
  const milliseconds = rfc3339.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(milliseconds)) throw malformed(`"${name}" is not a time in the form of RFC 3339.`);
  return Math.floor(milliseconds / 1000);
}

function newAuthorization(
  identifier: Identifier,
  position: number,
  { challenges }: Directory,
  services: Services,
): NewAuthorization {
  return {
    id: newId(services),
    position,
    type: identifier.type,
    value: baseName(identifier),
    wildcard: isWildcard(identifier),
    challenges: challengesFor(identifier, challenges).map((type) => ({
      id: newId(services),
      type,
      token: newToken(services.entropy),
    })),
  };
}

function requireAllowed(identifiers: readonly Identifier[], { allow, issuer, challenges }: Directory): void {
  const refused = policyFaults(identifiers, { allow, constraints: issuer.constraints });
  if (refused.length > 0) throw identifierProblem(refused);
  const unprovable = identifiers.filter((identifier) => challengesFor(identifier, challenges).length === 0);
  if (unprovable.length === 0) return;
  throw identifierProblem(
    unprovable.map((identifier) => ({
      type: 'rejectedIdentifier',
      detail: `No challenge of this directory can prove control of "${identifier.value}".`,
      identifier,
    })),
  );
}

/** RFC 8555 §7.4: an order, with an authorization for each identifier. */
export async function newOrder(request: AccountRequest, services: Services): Promise<AcmeReply> {
  const { caller, directory, nonce } = request;
  const payload = readPayload(payloadSchema, request.payload);
  const { identifiersPerOrder, orderLifetime } = services.limits;
  if (payload.identifiers.length > identifiersPerOrder) {
    throw malformed(`An order has at most ${identifiersPerOrder} identifiers here.`, 'Make several orders.');
  }
  const identifiers = parseIdentifiers(payload.identifiers);
  requireAllowed(identifiers, directory);
  const now = services.clock.now();
  const asked = {
    notBefore: readTime('notBefore', payload.notBefore),
    notAfter: readTime('notAfter', payload.notAfter),
  };
  const fault = askedValidityFault(now, asked, directory.validity);
  if (fault !== undefined) throw malformed(`Such a certificate cannot be issued: ${fault}.`, 'Leave the dates out.');
  const id = newId(services);
  const authorizations = identifiers.map((identifier, index) =>
    newAuthorization(identifier, index, directory, services),
  );
  const order = {
    id,
    directory: directory.name,
    identifiers,
    notBefore: asked.notBefore === null ? null : formatUtc(asked.notBefore),
    notAfter: asked.notAfter === null ? null : formatUtc(asked.notAfter),
    now: formatUtc(now),
    expires: formatUtc(now + orderLifetime),
    authorizations,
  };
  nonce.admit(await insertOrder(services.database, caller, order));
  services.counters.orders += 1;
  const facts = {
    id,
    account_id: caller.accountId,
    identifiers,
    not_before: asked.notBefore,
    not_after: asked.notAfter,
    expires_at: now + orderLifetime,
    authorizations: authorizations.map((each) => each.id),
  };
  services.orders.set(id, facts);
  const state = { status: 'pending', error: null, serial: null, spki_sha256: null } as const;
  return orderReply(201, { ...facts, ...state }, directory.urls, now);
}
