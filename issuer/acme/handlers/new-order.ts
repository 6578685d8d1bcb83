import { z } from 'zod';
import { formatUtc } from '../../../core/profile/dates.ts';
import { askedValidityFault } from '../../sign/validity.ts';
import type { Admission } from '../../store/admission.ts';
import { insertOrder, type NewOrder, type PlacedOrder } from '../../store/insert-order.ts';
import { parseCertId } from '../cert-id.ts';
import type { Directory, IssuanceRules } from '../directory.ts';
import { newId } from '../ids.ts';
import { identifierKey, type Identifier } from '../identifiers/identifier.ts';
import { parseIdentifiers } from '../identifiers/parse-identifier.ts';
import { makeAuthorization, requireAgreed, requireAllowed, subjectOf } from '../make-authorization.ts';
import { orderLifetime } from '../order-lifetime.ts';
import { AcmeProblem, malformed } from '../problems.ts';
import { readPayload, type AccountRequest, type AcmeReply } from '../request.ts';
import type { Services } from '../services.ts';
import { orderReply } from './order-reply.ts';

const payloadSchema = z.looseObject({
  identifiers: z
    .array(z.looseObject({ type: z.string(), value: z.string(), ancestorDomain: z.string().optional() }))
    .min(1),
  notBefore: z.string().max(64).nullish(),
  notAfter: z.string().max(64).nullish(),
  replaces: z.string().max(200).optional(),
  profile: z.string().max(200).nullish(),
});

const rfc3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/iu;

/** Seconds since the epoch; null for nothing and for the zero time that the step client sends for nothing. */
function readTime(name: string, text: string | null | undefined): number | null {
  if (text === null || text === undefined || text.startsWith('0001-01-01T00:00:00')) return null;
  const milliseconds = rfc3339.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(milliseconds)) throw malformed(`"${name}" is not a time in the form of RFC 3339.`);
  return Math.floor(milliseconds / 1000);
}

function readReplaces(text: string | undefined): NewOrder['replaces'] {
  if (text === undefined) return null;
  const parsed = parseCertId(text);
  if (parsed === undefined) throw malformed('"replaces" is not the name of a certificate (RFC 9773 section 4.1).');
  return { certId: text, serial: parsed.serial };
}

/** One authorization for each domain or address that has to be proved, however many identifiers rest on it. */
function authorizationsFor(
  identifiers: readonly Identifier[],
  directory: Directory,
  services: Services,
): NewOrder['authorizations'] {
  const subjects = identifiers.map(subjectOf);
  requireAllowed(subjects, directory);
  const distinct = new Map(subjects.map((each) => [`${each.subdomains}:${identifierKey(each.identifier)}`, each]));
  return [...distinct.values()].map((each, index) => makeAuthorization(each, index, directory, services));
}

/** Says why an order was not placed; returns when it was. */
function requirePlaced(row: PlacedOrder, directory: Directory): asserts row is PlacedOrder & Placed {
  if (row.placed && row.status !== null && row.expires_at !== null) return;
  requireAgreed(row.agreed, directory);
  if (!row.owned) throw malformed('"replaces" names no certificate of this account.', 'Leave it out.');
  if (!row.shared) throw malformed('"replaces" names a certificate for none of these identifiers.', 'Leave it out.');
  throw new AcmeProblem('alreadyReplaced', 'Another order replaces that certificate already.', 'Leave "replaces" out.');
}

type Placed = { readonly [Key in 'status' | 'expires_at']: NonNullable<PlacedOrder[Key]> };

function rulesOf(profile: string | undefined, directory: Directory): IssuanceRules {
  const rules = profile === undefined ? directory : directory.profiles.get(profile);
  if (rules !== undefined) return rules;
  throw new AcmeProblem('invalidProfile', 'This directory has no such profile.', 'Name one of its meta.profiles.');
}

/** RFC 8555 §7.4: an order, with an authorization for each identifier. `uncounted`: no limit is to count it. */
export async function newOrder(
  request: AccountRequest,
  services: Services,
  { uncounted }: { readonly uncounted: boolean } = { uncounted: false },
): Promise<AcmeReply> {
  const { caller, directory, nonce } = request;
  const payload = readPayload(payloadSchema, request.payload);
  const { identifiersPerOrder } = services.limits;
  if (payload.identifiers.length > identifiersPerOrder) {
    throw malformed(`An order has at most ${identifiersPerOrder} identifiers here.`, 'Make several orders.');
  }
  const { options } = directory;
  // Where subdomains are not spoken of, the member is one that is not known, and is ignored.
  const identifiers = parseIdentifiers(
    payload.identifiers.map(({ type, value, ancestorDomain }) =>
      options.subdomains ? { type, value, ancestorDomain } : { type, value },
    ),
  );
  requireAllowed(
    identifiers.map((identifier) => ({ identifier, subdomains: false })),
    directory,
  );
  const now = services.clock.now();
  const asked = {
    notBefore: readTime('notBefore', payload.notBefore),
    notAfter: readTime('notAfter', payload.notAfter),
  };
  const profile = payload.profile ?? undefined;
  const fault = askedValidityFault(now, asked, rulesOf(profile, directory).validity);
  if (fault !== undefined) throw malformed(`Such a certificate cannot be issued: ${fault}.`, 'Leave the dates out.');
  const order = {
    id: newId(services),
    directory: directory.name,
    identifiers,
    notBefore: asked.notBefore === null ? null : formatUtc(asked.notBefore),
    notAfter: asked.notAfter === null ? null : formatUtc(asked.notAfter),
    now: formatUtc(now),
    // One that asks for an end is worth nothing after it.
    expires: formatUtc(Math.min(now + orderLifetime(directory, services), asked.notAfter ?? Infinity)),
    authorizations: authorizationsFor(identifiers, directory, services),
    reuse: options.reuseAuthorizations,
    replaces: readReplaces(payload.replaces),
    terms: options.termsOfService ?? null,
    profile: profile ?? null,
    uncounted,
  };
  const row: Admission & PlacedOrder = nonce.admit(await insertOrder(services.database, caller, order));
  requirePlaced(row, directory);
  services.counters.orders += 1;
  const facts = {
    id: order.id,
    account_id: caller.accountId,
    identifiers,
    not_before: asked.notBefore,
    not_after: asked.notAfter,
    expires_at: row.expires_at,
    replaces: payload.replaces ?? null,
    profile: order.profile,
    uncounted,
    authorizations: row.authorizations ?? [],
  };
  services.orders.set(order.id, facts);
  const state = { status: row.status, error: null, serial: null, spki_sha256: null } as const;
  return orderReply(201, { ...facts, ...state }, directory.urls, now);
}
