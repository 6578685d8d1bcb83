import { burnNonce } from '../store/burn-nonce.ts';
import type { Directory } from './directory.ts';
import { idPattern } from './ids.ts';
import { readJwk, type JwkKey } from './jws/jwk.ts';
import { decodePart, parseJson, parseJws, type Jws } from './jws/parse.ts';
import { verifyJws } from './jws/verify.ts';
import { AcmeProblem, malformed, unauthorized } from './problems.ts';
import {
  SpendableNonce,
  StaleKey,
  usedNonce,
  type AccountRequest,
  type AcmeReply,
  type AcmeRequest,
} from './request.ts';
import type { Services } from './services.ts';

/** Who may sign a request to a route, and what handles it. */
export type Endpoint =
  | { readonly signedBy: 'account'; handle(request: AccountRequest, services: Services): Promise<AcmeReply> }
  | { readonly signedBy: 'new-key'; handle(request: AcmeRequest, services: Services): Promise<AcmeReply> }
  | {
      readonly signedBy: 'either';
      handle(request: AcmeRequest | AccountRequest, services: Services): Promise<AcmeReply>;
    };

/** A request as it came in, with the URL it must have been meant for. */
export interface Incoming {
  readonly directory: Directory;
  readonly url: string;
  readonly params: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly address: string;
  /** Told the account as soon as it is known, for the log. */
  readonly onAccount: (id: string) => void;
}

function accountIdOf({ kid }: Jws, { urls }: Directory): string {
  const prefix = urls.account('');
  const id = kid?.startsWith(prefix) === true ? kid.slice(prefix.length) : '';
  if (idPattern.test(id)) return id;
  throw noSuchAccount();
}

function noSuchAccount(): AcmeProblem {
  return new AcmeProblem(
    'accountDoesNotExist',
    'The "kid" is not the URL of an account of this directory.',
    'Use the Location that newAccount answered, exactly as it was.',
  );
}

function requireSigner(endpoint: Endpoint, { kid }: Jws): void {
  if (endpoint.signedBy === 'account' && kid === undefined) {
    throw malformed('This request must be signed by an account.', 'Name it by "kid" and not by "jwk".');
  }
  if (endpoint.signedBy === 'new-key' && kid !== undefined) {
    throw malformed('This request must carry the key itself.', 'Name the key by "jwk" and not by "kid".');
  }
}

function payloadOf({ payload }: Jws): unknown {
  return payload.length === 0 ? undefined : parseJson(payload, 'The payload');
}

/** Checks the signature with a key that is at hand, and calls the handler. */
async function handleSigned(
  endpoint: Endpoint,
  { jws, key, accountId, nonce }: { jws: Jws; key: JwkKey; accountId: string | undefined; nonce: SpendableNonce },
  { directory, params, address }: Incoming,
  services: Services,
): Promise<AcmeReply> {
  verifyJws(jws, key);
  const request = { directory, params, payload: payloadOf(jws), key, nonce, address };
  if (accountId === undefined) {
    // requireSigner has turned away what must come from an account.
    return endpoint.signedBy === 'account' ? Promise.reject(noSuchAccount()) : endpoint.handle(request, services);
  }
  const caller = { nonce: nonce.open, accountId, thumbprint: key.thumbprint };
  return endpoint.handle({ ...request, caller }, services);
}

async function handleAccount(
  endpoint: Endpoint,
  jws: Jws,
  nonce: SpendableNonce,
  incoming: Incoming,
  services: Services,
): Promise<AcmeReply> {
  const { directory, onAccount } = incoming;
  const accountId = accountIdOf(jws, directory);
  const { accountKeys } = services;
  const kept = accountKeys.kept(accountId);
  const key = kept ?? (await accountKeys.load(directory.name, accountId));
  if (key === undefined) throw noSuchAccount();
  onAccount(accountId);
  try {
    return await handleSigned(endpoint, { jws, key, accountId, nonce }, incoming, services);
  } catch (error) {
    const mayBeStale = kept !== undefined && !nonce.spent;
    if (!mayBeStale || !(error instanceof StaleKey || error instanceof AcmeProblem)) throw error;
    // A kept key may be an old one: neither its "no" nor the database's is the last word.
    const now = await accountKeys.load(directory.name, accountId);
    if (now === undefined || sameKey(now, kept)) throw error;
    return handleSigned(endpoint, { jws, key: now, accountId, nonce }, incoming, services);
  }
}

function sameKey(left: JwkKey, right: JwkKey): boolean {
  return Buffer.compare(left.thumbprint, right.thumbprint) === 0;
}

/** Uses the nonce of a request that was refused early (RFC 8555 §6.5: one that has appeared is invalid from then on). */
async function burn(nonce: SpendableNonce, services: Services): Promise<void> {
  const { open } = nonce;
  nonce.admit(await burnNonce(services.database, open.value, open.keyId));
}

/**
 * Answers one signed request (RFC 8555 §6.2 to §6.5): JWS, URL, nonce, key, signature, then the endpoint's own handler,
 * whose one statement spends the nonce. Problems are thrown.
 */
export async function answer(endpoint: Endpoint, incoming: Incoming, services: Services): Promise<AcmeReply> {
  const jws = parseJws(incoming.body);
  // RFC 8555 §6.5.2: what is not base64url is no nonce of anybody's, and not to be tried again.
  if (jws.nonce !== undefined) decodePart(jws.nonce, 'nonce');
  const open = jws.nonce === undefined ? undefined : services.nonces.open(jws.nonce);
  if (open === undefined) throw usedNonce();
  const nonce = new SpendableNonce(open);
  try {
    if (jws.url !== incoming.url) {
      throw unauthorized('The "url" in the JWS is not the one of this request.', `Sign for ${incoming.url}.`);
    }
    requireSigner(endpoint, jws);
    const reply =
      jws.kid === undefined
        ? await handleSigned(endpoint, { jws, key: readJwk(jws.jwk), accountId: undefined, nonce }, incoming, services)
        : await handleAccount(endpoint, jws, nonce, incoming, services);
    // Some answers are had without a statement of their own: the nonce is used up all the same.
    if (!nonce.spent) await burn(nonce, services);
    return reply;
  } catch (error) {
    if (!nonce.spent) await burn(nonce, services);
    throw error instanceof StaleKey ? noSuchAccount() : error;
  } finally {
    if (nonce.keyUnknown) await services.refreshNonceKeys();
  }
}
