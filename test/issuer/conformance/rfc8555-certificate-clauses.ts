import type { Clause } from './clause.ts';

const accounts = 'rfc8555/accounts.test.ts';
const orders = 'rfc8555/orders.test.ts';
const authorizations = 'rfc8555/authorizations.test.ts';
const revocation = 'rfc8555/revocation.test.ts';
const clauses = 'rfc8555/clauses.test.ts';
const hostile = 'rfc8555/hostile.test.ts';
const external = 'successors/accounts.test.ts';
const everything = 'successors/authorizations.test.ts';

/** RFC 8555, from section 7.3 on: accounts, orders, certificates, challenges. */
export const certificateClauses: readonly Clause[] = [
  ['§7.3', '201, the account, Location', accounts, 'is answered with 201, the account and its Location'],
  ['§7.3', 'contacts: invalidContact and unsupportedContact', accounts, 'with contact %j is refused (%s)'],
  [
    '§7.3',
    'members that are not known are ignored',
    accounts,
    'takes contact as null, missing or empty, and ignores what it does not know',
  ],
  [
    '§7.3.1',
    'a known key: 200 and its Location',
    accounts,
    'with a key that has an account is answered with 200 and the same Location',
  ],
  ['§7.3.1', 'onlyReturnExisting', accounts, 'with onlyReturnExisting makes no account'],
  [
    '§7.3.1',
    'what else a request for a known key says is ignored',
    accounts,
    'with a key that has an account is answered with 200 and the same Location',
  ],
  ['§7.3.2', 'updates', accounts, 'is read by POST-as-GET and updated by POST (§7.3.2)'],
  ['§7.3.2', 'orders, terms and other statuses are not updated', accounts, 'is not updated by what may not be changed'],
  [
    '§7.3.3',
    'userActionRequired with rel="terms-of-service" and instance',
    external,
    'the directory names them, and a new account that does not agree is told where they are',
  ],
  [
    '§7.3.3',
    'terms that change are agreed to anew',
    external,
    'that have changed orders wait until the account agrees anew',
  ],
  [
    '§7.3.4',
    'externalAccountRequired',
    external,
    'the directory says that they are required, and a new account without one is refused',
  ],
  [
    '§7.3.4',
    'the account repeats its binding; a key binds once',
    external,
    'a binding with a known key makes the account, which repeats it; the key is then used up',
  ],
  ['§7.3.4', 'MAC, kid, url, no nonce, the account’s key', external, 'a binding %s is refused'],
  [
    '§7.3.5',
    'the new key replaces the old',
    accounts,
    'gives the account its new key, and the old one is good for nothing',
  ],
  ['§7.3.5', 'inner and outer JWS agree', accounts, 'with %s is malformed'],
  [
    '§7.3.5',
    '409 and Location for a key that is taken',
    accounts,
    'to a key that has an account is refused with 409 and that account’s Location',
  ],
  [
    '§7.3.5',
    'pending orders and authorizations outlive a key change',
    'rfc8555/clauses.test.ts',
    '§7.3.5: a key change leaves orders and authorizations as they are',
  ],
  [
    '§7.3.6',
    'a deactivated account is refused',
    clauses,
    '§7.3.6: a deactivated account cannot place, look at or give up anything',
  ],
  [
    '§7.3.6',
    'and its key gets no new one',
    accounts,
    'that is deactivated can do nothing any more, and its key gets no new one (§7.3.6)',
  ],
  [
    '§7.3.6',
    'what a deactivated account asks is answered with 401',
    accounts,
    'that is deactivated can do nothing any more, and its key gets no new one (§7.3.6)',
  ],
  [
    '§7.4',
    '201, Location, all that an order must have',
    orders,
    'is answered with 201, Location, and all that an order must have',
  ],
  ['§7.4', 'rejectedIdentifier', orders, 'for %s is refused in clear text, with a subproblem for the identifier'],
  ['§7.4', 'unsupportedIdentifier', orders, 'for an identifier of another type is refused as unsupported'],
  [
    '§7.4',
    'notBefore and notAfter are kept to, or refused',
    orders,
    'takes the dates it is asked for, and the zero time as none',
  ],
  [
    '§7.4',
    'orderNotReady, and the order stands',
    orders,
    'of a pending order is refused with orderNotReady, and the order stands',
  ],
  [
    '§7.4',
    'badCSR, and the order stands',
    hostile,
    'whose CSR is wrong is refused, and the order can be finalized all the same',
  ],
  ['§7.4', 'the CSR is for exactly the identifiers', 'acme/csr.test.ts', 'may not have %s'],
  [
    '§7.4',
    'one certificate for an order',
    orders,
    'by ten requests at the same time makes one certificate, and all are answered with it',
  ],
  [
    '§7.4.1',
    '201, Location; no wildcards',
    everything,
    'is answered with 201, Location and the challenges; an order then needs nothing more',
  ],

  ['§7.4.1', '403 for what the server will not certify', everything, 'for %s is refused'],
  [
    '§7.4.2',
    'PEM chain, leaf first',
    orders,
    'is a PEM chain, leaf first, without the root, LF, nothing between, a final newline',
  ],
  [
    '§7.4.2',
    'rel="alternate"',
    'running.test.ts',
    'offers every chain of the issuing CA, one by default and the others as alternates',
  ],
  ['§7.5', 'for its account alone', authorizations, 'and its challenges are the business of its account alone'],
  [
    '§7.5.1',
    'rel="up", Retry-After, processing',
    authorizations,
    '§7.5.1: the POST to a challenge is answered at once with processing, rel="up" and Retry-After',
  ],
  ['§7.5.1', 'members of the answer are ignored', clauses, '§7.5.1: members of an answer to a challenge are ignored'],
  [
    '§7.5.2',
    'deactivation',
    authorizations,
    '§7.5.2: is deactivated by its account, and takes the orders that need it along',
  ],
  [
    '§7.5.2',
    'a deactivated authorization is good for no certificate',
    'store/races.test.ts',
    'an authorization given up takes its order along',
  ],
  [
    '§7.6',
    'by the account that ordered',
    revocation,
    'by the account that ordered it is answered with 200 and nothing, and soon in the CRL',
  ],
  [
    '§7.6',
    'by an account with authorizations for all names',
    revocation,
    'by another account is refused, until it has authorizations for every name',
  ],
  ['§7.6', 'by the certificate’s key', revocation, 'by the certificate’s own key needs no account'],
  ['§7.6', 'alreadyRevoked', revocation, 'a second time is refused as alreadyRevoked, whoever asks'],
  ['§7.6', 'badRevocationReason, which names the reasons that are allowed', revocation, 'with reason %i is refused'],
  [
    '§8',
    'for the key of the account alone',
    authorizations,
    'is not validated for the key authorization of another account',
  ],
  [
    '§8.1',
    'tokens with 256 random bits',
    authorizations,
    'holds the identifier and, with tokens of their own, the challenges that can prove it',
  ],
  [
    '§8.2',
    'attempts, each with an entry in error, and Retry-After',
    everything,
    'stays processing with an entry for each failure, and is tried at once when the client asks',
  ],
  [
    '§8.2',
    'invalid after the last',
    everything,
    'is invalid after its last attempt, and says what went wrong each time',
  ],
  [
    '§8.3',
    'port, path and Host of http-01',
    'validate/http-01.test.ts',
    'asks at the well-known place with the name as Host',
  ],
  [
    '§8.3',
    'redirects',
    'validate/http-01.test.ts',
    'follows redirects, relative ones and those to https, whose certificate it does not check',
  ],
  ['§8.3', 'white space at the end', clauses, '§8.3: white space behind the key authorization is not minded'],
  [
    '§8.4',
    'one of several TXT records',
    'validate/dns-01.test.ts',
    'succeeds when the record is one of several, and split into several strings',
  ],
  [
    '§9.1',
    'strict PEM, without explanatory text',
    orders,
    'is a PEM chain, leaf first, without the root, LF, nothing between, a final newline',
  ],
];
