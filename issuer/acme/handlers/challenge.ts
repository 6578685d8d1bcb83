import { formatUtc } from '../../../core/profile/dates.ts';
import { beginChallenge } from '../../store/begin-challenge.ts';
import type { ChallengeRow } from '../../store/challenge.ts';
import { readChallenge } from '../../store/read-challenge.ts';
import { malformed, notFound } from '../problems.ts';
import { retryAfter, type AccountRequest, type AcmeReply } from '../request.ts';
import type { Services } from '../services.ts';
import { authorizationStatusAt } from '../state/authorization.ts';
import { challengeBody } from './challenge-body.ts';

type Found = ChallengeRow & { readonly id: string };

/** Until when a client should wait: for the next attempt where one is planned (RFC 8555 §8.2). */
function waiting({ begun, retry_at }: Found, now: number): Readonly<Record<string, string>> {
  return begun || retry_at === null ? retryAfter : { 'retry-after': String(Math.max(1, retry_at - now + 1)) };
}

/**
 * The challenge as it is after the statement that would begin it. Where another replica has begun it while ours waited for the
 * row, the row is as it was before: it could have been begun by us, and was not.
 */
function asBegun(row: Found, now: number): Found {
  const authorization = authorizationStatusAt({ status: row.authorization_status, expiresAt: row.expires_at }, now);
  const elsewhere = row.status === 'pending' && authorization === 'pending';
  return row.begun || elsewhere ? { ...row, status: 'processing' } : row;
}

function challengeReply(row: Found, { directory, caller }: AccountRequest, now: number): AcmeReply {
  const { urls } = directory;
  return {
    status: 200,
    links: [`<${urls.authorization(row.authorization_id)}>;rel="up"`],
    ...(row.status === 'pending' || row.status === 'processing' ? { headers: waiting(row, now) } : {}),
    body: challengeBody(row, directory, caller.accountId),
  };
}

/** Refuses to begin what can lead nowhere; a challenge that has begun or ended is simply shown again. */
function requireUseful(row: Found, now: number): void {
  if (row.status !== 'pending') return;
  const status = authorizationStatusAt({ status: row.authorization_status, expiresAt: row.expires_at }, now);
  if (status !== 'valid') throw malformed(`The authorization of this challenge is ${status}.`, 'Make a new order.');
}

/**
 * RFC 8555 §7.5.1: the client is ready, the challenge is processing from now on, and validation goes its own way. An
 * empty payload only looks.
 */
export async function challenge(request: AccountRequest, services: Services): Promise<AcmeReply> {
  const { caller, directory, nonce, params, payload } = request;
  const { clock, database, validationLease } = services;
  const id = params['id'] ?? '';
  const now = clock.now();
  const times = { now: formatUtc(now), leasedUntil: formatUtc(now + validationLease) };
  const begins = payload !== undefined;
  if (!begins) await services.validated(id);
  const row = nonce.admit(
    begins ? await beginChallenge(database, caller, id, times) : await readChallenge(database, caller, id),
  );
  if (row.id === null) throw notFound();
  const read: Found = { ...row, id: row.id };
  const found = begins ? asBegun(read, now) : read;
  if (begins) requireUseful(found, now);
  if (found.begun) {
    const { accountId, thumbprint } = caller;
    services.validate({ ...found, account_id: accountId, directory: directory.name, thumbprint });
  }
  return challengeReply(found, request, now);
}
