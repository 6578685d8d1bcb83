import type { Clause } from './clause.ts';

const requests = 'rfc8555/requests.test.ts';
const accounts = 'rfc8555/accounts.test.ts';
const orders = 'rfc8555/orders.test.ts';
const authorizations = 'rfc8555/authorizations.test.ts';
const revocation = 'rfc8555/revocation.test.ts';
const clauses = 'rfc8555/clauses.test.ts';
const external = 'successors/accounts.test.ts';
const everything = 'successors/authorizations.test.ts';
const renewal = 'successors/renewal.test.ts';
const csr = 'acme/csr.test.ts';
const jws = 'acme/jws.test.ts';
const problems = 'acme/problems.test.ts';
const directories = 'directories.test.ts';
const running = 'running.test.ts';

/** What breaks clients that people have, and is in no RFC: requests, accounts, headers, the directory. */
export const transportClauses: readonly Clause[] = [
  [
    'nonces',
    'with every answer to a POST',
    requests,
    'every answer to a POST has a new nonce: success, error and unknown resource',
  ],
  [
    'nonces',
    'with the certificate, too',
    orders,
    'is a PEM chain, leaf first, without the root, LF, nothing between, a final newline',
  ],
  [
    'nonces',
    'badNonce brings a fresh one',
    requests,
    'a nonce is good once; the answer to the second use brings a fresh one',
  ],
  [
    'nonces',
    'base64url without padding, dots or other signs',
    'acme/nonces.test.ts',
    'is unpadded base64url, for clients that decode it',
  ],
  [
    'nonces',
    'newNonce: HEAD 200, GET 204, no-store',
    requests,
    '%s is answered with %i, a nonce, no-store and rel="index"',
  ],
  [
    'nonces',
    'valid for an hour at least',
    'acme/nonces.test.ts',
    'lives as long as it should, across the change of keys, and not longer',
  ],
  [
    'nonces',
    'valid on every replica',
    'store/races.test.ts',
    'a nonce made by one replica is good on any, and on one of them alone',
  ],
  [
    'nonces',
    'good again soon after the database crashed',
    requests,
    'nonces are good again as soon as the database has lost its keys in a crash',
  ],
  [
    'requests',
    'application/jose+json; charset=utf-8 passes, other types are 415',
    requests,
    'with or without parameters, and 415 otherwise',
  ],
  ['requests', 'flattened JSON alone: no signatures, no header, no padding', requests, 'a JWS with %s is malformed'],
  ['requests', 'b64, crit, header and signatures are refused', jws, 'whose protected header has %s is malformed'],
  [
    'requests',
    'no Replay-Nonce header, as Boulder has it',
    requests,
    'a request with a Replay-Nonce header is malformed: the nonce belongs into the JWS',
  ],
  ['requests', 'RS256, ES256, ES384, ES512, EdDSA', jws, 'verifies with %s, and its key has the same thumbprint'],
  [
    'requests',
    'signatures of Apple’s client',
    jws,
    'verifies although the zeros that its signature begins with were left out',
  ],
  [
    'requests',
    'the kid is the Location that was returned',
    requests,
    'the kid is exactly the URL of an account of this directory',
  ],
  [
    'requests',
    'jwk for newAccount alone, kid for the rest',
    requests,
    'a key that newAccount is given with kid, or another request with jwk, is malformed',
  ],
  [
    'requests',
    'jwk for a revocation by the certificate’s key',
    revocation,
    'by the certificate’s own key needs no account',
  ],
  ['requests', 'both of jwk and kid, or neither', requests, 'a protected header with %s is malformed'],
  ['requests', 'the url is the one requested: final slash, port, scheme', requests, 'a "url" that is %s is refused'],
  ['requests', 'URLs come from the configured base, never from Host', requests, 'does not follow the Host header'],
  [
    'requests',
    '{} and null for POST-as-GET',
    requests,
    'POST-as-GET has an empty payload; {} and null, which some clients send, mean the same',
  ],
  [
    'accounts',
    'a known key is answered with 200 and its Location',
    accounts,
    'with a key that has an account is answered with 200 and the same Location',
  ],
  ['accounts', 'onlyReturnExisting: accountDoesNotExist', accounts, 'with onlyReturnExisting makes no account'],
  [
    'accounts',
    'contact may be null or missing, unknown members are ignored',
    accounts,
    'takes contact as null, missing or empty, and ignores what it does not know',
  ],
  ['accounts', 'invalidContact and unsupportedContact', accounts, 'with contact %j is refused (%s)'],
  [
    'accounts',
    'the account’s key is not the certificate’s',
    csr,
    'may not hold the key of the account (RFC 8555 §11.1)',
  ],
  ['accounts', 'one key, one account', accounts, 'gives one key one account in each directory'],
  [
    'EAB',
    'keys are base64url without padding, 43 characters',
    'admin.test.ts',
    'makes external account keys whose secret the log does not have',
  ],
  ['EAB', 'MAC, kid, url of newAccount, no nonce, the account’s key', external, 'a binding %s is refused'],
  [
    'EAB',
    'HS256, and the longer ones',
    external,
    'is read with HS384 and HS512, and a reusable key binds several accounts',
  ],
  [
    'EAB',
    'a binding that was used is sent again by clients that restart',
    external,
    'a binding with a known key makes the account, which repeats it; the key is then used up',
  ],
  [
    'key rollover',
    'outer by the old key, inner by the new one',
    accounts,
    'gives the account its new key, and the old one is good for nothing',
  ],
  ['key rollover', 'inner url, account and oldKey', accounts, 'with %s is malformed'],
  ['key rollover', 'the inner JWS needs no nonce', accounts, 'ignores a nonce in the inner JWS'],
  [
    'key rollover',
    '409 and Location for a key that is taken',
    accounts,
    'to a key that has an account is refused with 409 and that account’s Location',
  ],
  [
    'headers',
    'rel="index" everywhere but in the directory',
    requests,
    'an unknown resource is a problem, with rel="index"',
  ],
  [
    'headers',
    'rel="up" of a challenge is its authorization, absolute',
    authorizations,
    '§7.5.1: the POST to a challenge is answered at once with processing, rel="up" and Retry-After',
  ],
  [
    'headers',
    'rel="alternate" without a space before it, one for each chain',
    running,
    'offers every chain of the issuing CA, one by default and the others as alternates',
  ],
  [
    'headers',
    'a chain to an older root that has cross-certified ours, from the bundle',
    'new-bundle.test.ts',
    'with a root that an older one has cross-certified brings a second chain',
  ],
  [
    'headers',
    'Location with newOrder, finalize and order',
    clauses,
    '§7.1.3: an order that is pending, ready or valid says when it expires',
  ],
  [
    'headers',
    'Retry-After of orders and authorizations in whole seconds',
    authorizations,
    'holds the identifier and, with tokens of their own, the challenges that can prove it',
  ],
  [
    'headers',
    'Retry-After of 429 in whole seconds',
    directories,
    'limits orders by account, says for how many seconds, and leaves other accounts alone',
  ],
  [
    'headers',
    'Retry-After of 503 in whole seconds',
    requests,
    'what cannot be done at the moment is answered with 503, a nonce, and Retry-After in whole seconds',
  ],
  ['headers', 'CORS exposes what is needed', requests, 'cross-origin clients may read what they need'],
  [
    'problems',
    'the status that clients expect of each type',
    problems,
    'of type %s has the status %i, in its body as well',
  ],
  [
    'problems',
    'one line of ASCII',
    problems,
    'is told in one line of printable ASCII of bounded length, whatever was asked for',
  ],
  [
    'problems',
    'subproblems with their identifier',
    orders,
    'for %s is refused in clear text, with a subproblem for the identifier',
  ],
  ['directory', 'nothing is advertised that does not work', everything, 'advertises what works here and nothing more'],
  [
    'directory',
    'nor what is not there in a directory without it',
    requests,
    'names what works and nothing else, below the configured base URL',
  ],
  ['directory', 'a doubled slash behind renewalInfo', renewal, 'is found where a client has doubled the slash'],
  ['replicas', 'one nonce, sent to two at once', 'replicas.test.ts', 'do one of two requests with one nonce'],
];
