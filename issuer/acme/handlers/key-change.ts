import { z } from 'zod';
import { equalBytes } from '../../../core/ports/bytes.ts';
import { accountByThumbprint } from '../../store/account-by-thumbprint.ts';
import { isUniqueViolation } from '../../store/database.ts';
import { formatUtc } from '../../../core/profile/dates.ts';
import { rekeyAccount } from '../../store/rekey-account.ts';
import { readJwk, type JwkKey } from '../jws/jwk.ts';
import { parseJson, parseJws } from '../jws/parse.ts';
import { verifyJws } from '../jws/verify.ts';
import { malformed, notFound, type AcmeProblem } from '../problems.ts';
import { readPayload, type AccountRequest, type AcmeReply } from '../request.ts';
import type { Services } from '../services.ts';
import { accountReply } from './account-reply.ts';

const innerSchema = z.looseObject({ account: z.string(), oldKey: z.looseObject({}) });

/** Checks the inner JWS, which the new key has signed, and gives that key. Its nonce, if any, is ignored. */
function readInner({ payload, directory, caller, key }: AccountRequest): JwkKey {
  const inner = parseJws(payload);
  if (inner.jwk === undefined) throw malformed('The inner JWS does not carry the new key as "jwk".');
  const newKey = readJwk(inner.jwk);
  verifyJws(inner, newKey);
  if (inner.url !== directory.urls.keyChange) throw malformed('The "url" of the inner JWS differs from the outer one.');
  const claim = readPayload(innerSchema, parseJson(inner.payload, 'The inner payload'));
  if (claim.account !== directory.urls.account(caller.accountId)) {
    throw malformed('The inner JWS names another account than the outer one.');
  }
  if (!equalBytes(readJwk(claim.oldKey).thumbprint, key.thumbprint)) {
    throw malformed('"oldKey" is not the key of the account.');
  }
  return newKey;
}

async function keyTaken(newKey: JwkKey, { directory }: AccountRequest, { database }: Services): Promise<AcmeProblem> {
  const other = await accountByThumbprint(database, directory.name, newKey.thumbprint);
  return malformed('An account has this key already.', 'Make a new key.', {
    status: 409,
    ...(other === undefined ? {} : { headers: { location: directory.urls.account(other.id) } }),
  });
}

/** RFC 8555 §7.3.5: the account gets another key; 409 with its Location when some account has that key already. */
export async function keyChange(request: AccountRequest, services: Services): Promise<AcmeReply> {
  const { caller, directory, nonce } = request;
  const { accountKeys, clock, database } = services;
  const newKey = readInner(request);
  if (equalBytes(newKey.thumbprint, caller.thumbprint)) throw await keyTaken(newKey, request, services);
  try {
    const row = nonce.admit(
      await rekeyAccount(database, caller, newKey.jwk, newKey.thumbprint, formatUtc(clock.now())),
    );
    if (row.id === null) throw notFound();
    accountKeys.keep(caller.accountId, newKey);
    return accountReply(200, row, directory);
  } catch (error) {
    throw isUniqueViolation(error, 'accounts_one_per_key') ? await keyTaken(newKey, request, services) : error;
  }
}
