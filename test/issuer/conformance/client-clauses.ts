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
const http = 'validate/http-01.test.ts';
const csr = 'acme/csr.test.ts';

/** What breaks clients that people have, and is in no RFC. */
export const clientClauses: readonly Clause[] = [
  [
    'nonces',
    'with every answer to a POST, the certificate too',
    requests,
    'every answer to a POST has a new nonce: success, error and unknown resource',
  ],
  [
    'nonces',
    'valid for an hour at least, on every replica',
    'acme/nonces.test.ts',
    'lives as long as it should, across the change of keys, and not longer',
  ],
  [
    'nonces',
    'good again soon after the database crashed',
    requests,
    'nonces are good again as soon as the database has lost its keys in a crash',
  ],
  [
    'requests',
    'application/jose+json; charset=utf-8 passes',
    requests,
    'with or without parameters, and 415 otherwise',
  ],
  [
    'requests',
    '{} and null for POST-as-GET',
    requests,
    'POST-as-GET has an empty payload; {} and null, which some clients send, mean the same',
  ],
  [
    'requests',
    'signatures of Apple’s client',
    'acme/jws.test.ts',
    'verifies although the zeros that its signature begins with were left out',
  ],
  ['requests', 'URLs come from the configured base, never from Host', requests, 'does not follow the Host header'],
  [
    'requests',
    'b64, crit, header and signatures are refused',
    'acme/jws.test.ts',
    'whose protected header has %s is malformed',
  ],
  [
    'accounts',
    'contact may be null or missing',
    accounts,
    'takes contact as null, missing or empty, and ignores what it does not know',
  ],
  [
    'accounts',
    'the account’s key is not the certificate’s',
    csr,
    'may not hold the key of the account (RFC 8555 §11.1)',
  ],
  ['accounts', 'one key, one account', accounts, 'gives one key one account in each directory'],
  [
    'accounts',
    'a binding that was used is sent again by clients that restart',
    external,
    'a binding with a known key makes the account, which repeats it; the key is then used up',
  ],
  ['accounts', 'the inner JWS of a key change needs no nonce', accounts, 'ignores a nonce in the inner JWS'],
  [
    'headers',
    'Location with newOrder, finalize and order',
    clauses,
    '§7.1.3: an order that is pending, ready or valid says when it expires',
  ],
  [
    'headers',
    'rel="up" of a challenge is its authorization, absolute',
    authorizations,
    '§7.5.1: the POST to a challenge is answered at once with processing, rel="up" and Retry-After',
  ],
  [
    'headers',
    'rel="alternate" without a space before it',
    'running.test.ts',
    'offers every chain of the issuing CA, one by default and the others as alternates',
  ],
  [
    'headers',
    'Retry-After in whole seconds',
    authorizations,
    'holds the identifier and, with tokens of their own, the challenges that can prove it',
  ],
  ['headers', 'CORS exposes what is needed', requests, 'cross-origin clients may read what they need'],
  [
    'headers',
    'problems in one line of ASCII',
    orders,
    'for %s is refused in clear text, with a subproblem for the identifier',
  ],
  ['directory', 'nothing is advertised that does not work', everything, 'advertises what works here and nothing more'],
  ['directory', 'a doubled slash behind renewalInfo', renewal, 'is found where a client has doubled the slash'],
  [
    'orders',
    'pending orders stand when they are finalized too early',
    orders,
    'of a pending order is refused with orderNotReady, and the order stands',
  ],
  [
    'orders',
    'finalize twice is answered twice',
    orders,
    'repeated is answered with the same order; for another key it is refused',
  ],
  [
    'orders',
    'valid with a certificate at once',
    orders,
    'goes from pending over ready to valid, and answers with the certificate at once',
  ],
  ['orders', 'the zero time of the step client', orders, 'takes the dates it is asked for, and the zero time as none'],
  [
    'orders',
    'invalid as soon as an authorization is',
    authorizations,
    '§7.1.6: a failed challenge makes authorization and order invalid at once, each with its error',
  ],
  [
    'identifiers',
    'A-labels alone, in lower case, no final dot',
    'acme/identifiers.test.ts',
    '%s is refused and told why',
  ],
  [
    'identifiers',
    'one spelling in order, authorization and CSR',
    'acme/identifiers.test.ts',
    'is either refused or stored in a form that parses to itself',
  ],
  [
    'identifiers',
    'an address as common name or dNSName of a CSR',
    clauses,
    'an address that a CSR writes as a name is the address of the order',
  ],
  ['CSR', 'common name alone, or none', csr, 'may have %s'],
  ['CSR', 'no name, e-mail address or URI beside the order’s', csr, 'may not have %s'],
  ['CSR', 'padded, or in the other alphabet', csr, 'may be padded or in the other base64 alphabet'],
  ['http-01', 'IPv6 first, IPv4 after', http, 'takes IPv6 first and IPv4 when that fails'],
  ['http-01', 'ten redirects, to http and https alone', http, 'follows ten redirects and no more'],
  [
    'http-01',
    'certificates of redirects are not checked',
    http,
    'follows redirects, relative ones and those to https, whose certificate it does not check',
  ],
  ['http-01', 'no redirect to an address or another port', http, 'does not follow a redirect to %s'],
  ['http-01', 'a body without end', http, 'stops reading what does not end'],
  [
    'http-01',
    'what is checked is what is connected to',
    http,
    'connects to nothing that is not permitted, and looks the name up only once',
  ],
  ['dns-01', 'CNAME', 'validate/dns-01.test.ts', 'follows a CNAME'],
  [
    'dns-01',
    'a name that does not exist is told from a server that fails',
    'validate/dns-01.test.ts',
    'fails with a name that does not exist, and says so',
  ],
  [
    'dns-01',
    'nothing is cached',
    'validate/dns-01.test.ts',
    'sees a record as soon as it is there: nothing is kept from the last time',
  ],
  [
    'tls-alpn-01',
    'acme-tls/1 alone, one name',
    'validate/tls-alpn-01.test.ts',
    'succeeds with the hash in a self-signed certificate for exactly this name',
  ],
  [
    'CAA',
    'off unless a directory wants it',
    'validate/caa.test.ts',
    'is not asked in a directory that does not heed it, nor for an address',
  ],
  [
    'revocation',
    'already revoked, reasons, missing reason',
    revocation,
    'with reason %s is accepted and written as %s',
  ],
  [
    'revocation',
    'a padded certificate',
    clauses,
    '§7.6: a certificate in padded base64url, as some clients send it, is revoked',
  ],
  [
    'revocation',
    'CRL numbers rise',
    revocation,
    'makes CRLs that OpenSSL verifies, whose numbers rise and whose entries stay',
  ],
  [
    'certificates',
    'no root, LF, no blank lines, a final newline',
    orders,
    'is a PEM chain, leaf first, without the root, LF, nothing between, a final newline',
  ],
  [
    'certificates',
    'key identifier, serial, backdated',
    clauses,
    'the certificate has the key identifier of its CA, a positive serial of at most 20 octets',
  ],
  [
    'renewal',
    'a leading zero octet belongs to the serial; no padding',
    renewal,
    '§4.1: a name with padding, without a dot, of another CA or of no certificate of ours is refused',
  ],
  [
    'renewal',
    'Retry-After is always there',
    renewal,
    '§4.2: suggests a window about two thirds into the life, with Retry-After in seconds and without a nonce',
  ],
];
