import type { Clause } from './clause.ts';

const requests = 'rfc8555/requests.test.ts';
const accounts = 'rfc8555/accounts.test.ts';
const orders = 'rfc8555/orders.test.ts';
const authorizations = 'rfc8555/authorizations.test.ts';
const clauses = 'rfc8555/clauses.test.ts';
const hostile = 'rfc8555/hostile.test.ts';
const external = 'successors/accounts.test.ts';
const everything = 'successors/authorizations.test.ts';

/** RFC 8555, sections 6 to 7.2: messages, resources, nonces. */
export const messageClauses: readonly Clause[] = [
  ['§6.1', 'HTTPS only', clauses, '§6.1: ACME is not spoken over plain HTTP'],
  ['§6.1', 'other origins may read what they need', requests, 'cross-origin clients may read what they need'],
  ['§6.1', 'base64url with padding is refused in a JWS', requests, 'a JWS with %s is malformed'],
  ['§6.2', 'the type application/jose+json, 415 otherwise', requests, 'the type of a request is application/jose+json'],
  ['§6.2', 'flattened JSON, one signature, no unprotected header', requests, 'a JWS with %s is malformed'],
  [
    '§6.2',
    'protected header: alg, nonce, url and one of jwk and kid',
    requests,
    'a protected header with %s is malformed',
  ],
  [
    '§6.2',
    'neither "none" nor a MAC; badSignatureAlgorithm lists what is accepted',
    requests,
    'an algorithm that is not accepted is refused with those that are',
  ],
  ['§6.2', 'ES256, and EdDSA', 'acme/jws.test.ts', 'verifies with %s, and its key has the same thumbprint'],
  ['§6.2', 'the signature is checked', 'acme/jws.test.ts', 'is refused with %s when any byte of the signature differs'],
  ['§6.2', 'badPublicKey for a key that is not accepted', accounts, 'with a weak key is refused'],
  [
    '§6.2',
    'jwk for newAccount, kid for the rest',
    requests,
    'a key that newAccount is given with kid, or another request with jwk, is malformed',
  ],
  ['§6.2', 'the kid is the account URL', requests, 'the kid is exactly the URL of an account of this directory'],
  ['§6.2', 'the key is the account’s', requests, 'another key than the account’s is refused'],
  [
    '§6.3',
    'GET is answered with 405 where POST-as-GET is due',
    requests,
    'resources other than directory and newNonce answer GET with 405',
  ],
  ['§6.3', 'directory and newNonce by POST-as-GET', requests, 'directory and newNonce are read by POST-as-GET as well'],
  ['§6.3', 'POST-as-GET has an empty payload', requests, 'POST-as-GET has an empty payload'],
  ['§6.4', 'the url is that of the request', requests, 'a "url" that is %s is refused'],
  [
    '§6.4.1',
    'the url is the one the client was told, not one from the Host header',
    requests,
    'does not follow the Host header',
  ],
  [
    '§6.5',
    'every answer to a POST brings a nonce',
    requests,
    'every answer to a POST has a new nonce: success, error and unknown resource',
  ],
  [
    '§6.5',
    'a nonce is accepted once',
    requests,
    'a nonce is good once; the answer to the second use brings a fresh one',
  ],
  [
    '§6.5.2',
    'what is not base64url is malformed',
    requests,
    '§6.5.2: the nonce %j, which is not base64url, is malformed',
  ],
  [
    '§6.5',
    'and once among all replicas',
    'store/races.test.ts',
    'a nonce made by one replica is good on any, and on one of them alone',
  ],
  [
    '§6.5',
    'a nonce that came with a bad request is used up',
    requests,
    'a nonce that came with a bad request is used up, too',
  ],
  [
    '§6.5',
    'badNonce, with 400, for one that was not issued, and for none',
    requests,
    'the nonce %j, which is not ours, is bad',
  ],
  ['§6.5.1', 'base64url without padding', 'acme/nonces.test.ts', 'is unpadded base64url, for clients that decode it'],
  ['§6.5.1', 'not for GET', clauses, '§6.5: what is answered to a GET of a resource has no nonce'],
  [
    '§6.6',
    'rateLimited, with Retry-After',
    'directories.test.ts',
    'limits orders by account, says for how many seconds, and leaves other accounts alone',
  ],
  [
    '§6.7',
    'problem documents with the right type, and nothing of what went wrong inside',
    requests,
    'never show what went wrong inside',
  ],
  [
    '§6.7',
    'more than 200 hostile requests, each with its problem: type and status, application/problem+json, nonce, rel="index", and what its type demands',
    hostile,
    'of more than two hundred kinds is in the corpus, each once',
  ],
  [
    '§6.7',
    'no type of the ACME namespace that is not registered',
    'acme/problems.test.ts',
    'has a type that is registered (RFC 8555 §6.7)',
  ],
  [
    '§6.7.1',
    'subproblems, and compound where they differ',
    'acme/identifiers.test.ts',
    'are refused together, each with a subproblem of its own',
  ],
  [
    '§6.7.1',
    'the identifier is in the subproblem, never at the top',
    orders,
    'for %s is refused in clear text, with a subproblem for the identifier',
  ],
  [
    '§7.1',
    'rel="index" everywhere but in the directory',
    requests,
    'an unknown resource is a problem, with rel="index"',
  ],
  [
    '§7.1.1',
    'the directory names what works and nothing else',
    requests,
    'names what works and nothing else, below the configured base URL',
  ],
  [
    '§7.1.1',
    'meta: terms, website, externalAccountRequired, caaIdentities',
    everything,
    'advertises what works here and nothing more',
  ],
  [
    '§7.1.1',
    'newAuthz is left out where there is no pre-authorization',
    requests,
    'names what works and nothing else, below the configured base URL',
  ],
  [
    '§7.1.2.1',
    'the list of orders, in pages, without invalid ones',
    external,
    'is read in pages by POST-as-GET, without orders that are invalid, by its account alone',
  ],
  [
    '§7.1.3',
    'expires, identifiers, authorizations, finalize',
    clauses,
    '§7.1.3: an order that is pending, ready or valid says when it expires',
  ],
  [
    '§7.1.3',
    'identifiers and authorizations never change',
    'rfc8555/clauses.test.ts',
    '§7.1.3: an order that is pending, ready or valid says when it expires',
  ],
  [
    '§7.1.4',
    'identifier, expires and challenges',
    authorizations,
    'holds the identifier and, with tokens of their own, the challenges that can prove it',
  ],
  [
    '§7.1.4',
    'a wildcard is named without "*." and says wildcard',
    authorizations,
    'for a wildcard names the domain without "*." and says wildcard',
  ],
  ['§7.1.4', 'valid: the challenge that was', authorizations, 'is valid when a challenge was, and then shows that one'],
  [
    '§7.1.4',
    'labels that begin with xn-- are properly encoded',
    'acme/identifiers.test.ts',
    '%s is refused and told why',
  ],
  [
    '§7.1.6',
    'the state machines, and nothing beside them',
    'acme/state.test.ts',
    'never leaves a final status, whatever happens',
  ],
  [
    '§7.1.6',
    'a failed challenge makes authorization and order invalid',
    authorizations,
    '§7.1.6: a failed challenge makes authorization and order invalid at once, each with its error',
  ],
  [
    '§7.1.6',
    'what has expired',
    authorizations,
    'that has expired is shown as expired or invalid, and its challenges cannot be begun',
  ],
  ['§7.2', 'HEAD 200, GET 204, no-store', requests, '%s is answered with %i, a nonce, no-store and rel="index"'],
];
