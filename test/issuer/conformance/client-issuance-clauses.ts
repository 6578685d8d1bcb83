import type { Clause } from './clause.ts';

const orders = 'rfc8555/orders.test.ts';
const authorizations = 'rfc8555/authorizations.test.ts';
const revocation = 'rfc8555/revocation.test.ts';
const clauses = 'rfc8555/clauses.test.ts';
const renewal = 'successors/renewal.test.ts';
const http = 'validate/http-01.test.ts';
const dns = 'validate/dns-01.test.ts';
const tlsAlpn = 'validate/tls-alpn-01.test.ts';
const csr = 'acme/csr.test.ts';
const identifiers = 'acme/identifiers.test.ts';

/** What breaks clients that people have, and is in no RFC: from the order to the certificate, and its revocation. */
export const issuanceClauses: readonly Clause[] = [
  [
    'orders',
    'finalize, authorizations and expires are always there',
    orders,
    'is answered with 201, Location, and all that an order must have',
  ],
  [
    'orders',
    'pending, ready, valid, and a certificate with it at once',
    orders,
    'goes from pending over ready to valid, and answers with the certificate at once',
  ],
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
  ['orders', 'the zero time of the step client', orders, 'takes the dates it is asked for, and the zero time as none'],
  [
    'orders',
    'invalid as soon as an authorization is, with the error of the challenge',
    authorizations,
    '§7.1.6: a failed challenge makes authorization and order invalid at once, each with its error',
  ],
  [
    'challenges',
    'wildcards: in DNS alone, without "*.", wildcard: true',
    authorizations,
    'for a wildcard names the domain without "*." and says wildcard, with dns-01 alone',
  ],
  [
    'challenges',
    'tokens of 256 bits',
    authorizations,
    'holds the identifier and, with tokens of their own, the challenges that can prove it',
  ],
  [
    'challenges',
    'members that old clients send are ignored',
    clauses,
    '§7.5.1: members of an answer to a challenge are ignored',
  ],
  ['dns-01', 'CNAME', dns, 'follows a CNAME'],
  [
    'dns-01',
    'many TXT records, of several strings',
    dns,
    'succeeds when the record is one of several, and split into several strings',
  ],
  [
    'dns-01',
    'a name that does not exist is told from a server that fails',
    dns,
    'fails with a name that does not exist, and says so',
  ],
  ['dns-01', 'nothing is cached', dns, 'sees a record as soon as it is there: nothing is kept from the last time'],
  [
    'dns-01',
    'a challenge that fails becomes invalid',
    authorizations,
    'says of a name that does not exist that it does not, as a dns problem',
  ],
  ['http-01', 'IPv6 first, IPv4 after', http, 'takes IPv6 first and IPv4 when that fails'],
  ['http-01', 'ten redirects, to http and https alone', http, 'follows ten redirects and no more'],
  [
    'http-01',
    'certificates of redirects are not checked',
    http,
    'follows redirects, relative ones and those to https, whose certificate it does not check',
  ],
  ['http-01', 'no redirect to an address or another port', http, 'does not follow a redirect to %s'],
  [
    'http-01',
    'the name as Host; no proxy of the process',
    http,
    'asks at the well-known place with the name as Host, over no agent or proxy of the process',
  ],
  ['http-01', 'white space at the end is trimmed', http, 'trims white space at the end, and only there'],
  ['http-01', 'a body without end', http, 'stops reading what does not end'],
  [
    'http-01',
    'an end to waiting',
    http,
    'fails when nobody listens, when the connection breaks, and when no answer comes in time',
  ],
  [
    'http-01',
    'what is checked is what is connected to',
    http,
    'connects to nothing that is not permitted, and looks the name up only once',
  ],
  [
    'tls-alpn-01',
    'acme-tls/1 alone, critical acmeIdentifier, one name',
    tlsAlpn,
    'succeeds with the hash in a self-signed certificate for exactly this name',
  ],
  [
    'tls-alpn-01',
    'the reverse name of an address as SNI',
    tlsAlpn,
    'for an address sends its reverse name as SNI and wants an iPAddress (RFC 8738 §6)',
  ],
  ['tls-alpn-01', 'anything else is refused', tlsAlpn, 'fails with %s'],
  [
    'CAA',
    'off unless a directory wants it',
    'validate/caa.test.ts',
    'is not asked in a directory that does not heed it, nor for an address',
  ],
  ['CAA', 'a caa problem where it forbids', 'validate/caa.test.ts', 'forbids it where %s'],
  ['identifiers', 'A-labels alone, in lower case, no final dot', identifiers, '%s is refused and told why'],
  [
    'identifiers',
    'one spelling in order, authorization and CSR',
    identifiers,
    'is either refused or stored in a form that parses to itself',
  ],
  ['identifiers', 'addresses in the form of RFC 5952', identifiers, 'are normalised and kept in order'],
  [
    'identifiers',
    'an address as common name or dNSName of a CSR',
    clauses,
    'an address that a CSR writes as a name is the address of the order',
  ],
  ['CSR', 'common name alone, none, or an empty one', csr, 'may have %s'],
  ['CSR', 'no name, e-mail address, UPN or URI beside the order’s', csr, 'may not have %s'],
  [
    'CSR',
    'no second common name, no e-mail address in the subject',
    csr,
    'with an e-mail address or a second common name in its subject is bad',
  ],
  ['CSR', 'nothing else in the subject but what the profile has', csr, 'may not say %s'],
  [
    'CSR',
    'other attributes are ignored',
    csr,
    'may have attributes beside its names, such as a challenge password, which are ignored',
  ],
  ['CSR', 'padded, or in the other alphabet', csr, 'may be padded or in the other base64 alphabet'],
  ['revokeCert', 'reasons 0, 1, 3, 4, 5, 9 or none', revocation, 'with reason %s is accepted and written as %s'],
  ['revokeCert', 'other reasons are refused', revocation, 'with reason %i is refused'],
  ['revokeCert', 'alreadyRevoked', revocation, 'a second time is refused as alreadyRevoked, whoever asks'],
  [
    'revokeCert',
    'by an account that controls the names',
    revocation,
    'by another account is refused, until it has authorizations for every name',
  ],
  [
    'revokeCert',
    'a padded certificate',
    clauses,
    '§7.6: a certificate in padded base64url, as some clients send it, is revoked',
  ],
  [
    'certificates',
    'no root, LF, no blank lines, a final newline',
    orders,
    'is a PEM chain, leaf first, without the root, LF, nothing between, a final newline',
  ],
  [
    'certificates',
    'AKI with the key identifier; a serial without leading zeros; backdated',
    clauses,
    'the certificate has the key identifier of its CA, a positive serial of at most 20 octets',
  ],
  [
    'certificates',
    'a common name only where it fits and is among the names',
    '../core/profile/apply.test.ts',
    'skips a name that is too long for a common name',
  ],
  [
    'certificates',
    'clients get the CA’s certificate and the root’s',
    revocation,
    'the CRL and the CA’s certificate are served over plain HTTP and over HTTPS, those of the root, too',
  ],
  [
    'renewal',
    'a leading zero octet belongs to the serial; no padding',
    renewal,
    '§4.1: a name with padding, without a dot, of another CA or of no certificate of ours is refused',
  ],
  [
    'renewal',
    'replaces: of the same account, with a common name',
    renewal,
    'has one of its names, and is of the account that has it',
  ],
  [
    'renewal',
    'replaces: once, alreadyReplaced is 409',
    renewal,
    'repeats it, and while it is not invalid no other order may',
  ],
  ['renewal', 'replaces: of another form is malformed', renewal, 'names a certificate: %s is refused'],
  [
    'renewal',
    'Retry-After is always there',
    renewal,
    '§4.2: suggests a window about two thirds into the life, with Retry-After in seconds and without a nonce',
  ],
  ['renewal', 'a window that is over means now', renewal, '§4.2: what is revoked should be renewed at once'],
  ['CRL', 'numbers rise', revocation, 'makes CRLs that OpenSSL verifies, whose numbers rise and whose entries stay'],
  [
    'CRL',
    'numbers never fall behind the clock, whatever backup came back',
    'revocation/crl-number.test.ts',
    'is never given out again after the database was restored from a backup',
  ],
  [
    'CRL',
    'one for everything, at one URI, numbers of at most 20 octets',
    revocation,
    'is known from one CRL for everything, where certificates say, with a number of at most 20 octets',
  ],
  [
    'CRL',
    'what has expired stays for one CRL more',
    revocation,
    'outlives the certificate by the life of a CRL, and is then left out',
  ],
  [
    'CRL',
    'caches keep it for a minute and not beyond nextUpdate',
    'revocation/cached-crl.test.ts',
    'is kept by caches for a minute, and never beyond its end',
  ],
  [
    'replicas',
    'an order that two finalize at once',
    'replicas.test.ts',
    'make one certificate of an order that both finalize',
  ],
  [
    'replicas',
    'two keys for one order at once',
    'replicas.test.ts',
    'certify one of two keys that both finalize an order with',
  ],
  [
    'replicas',
    'one challenge, told to two at once',
    'replicas.test.ts',
    'validate a challenge once that both are told of',
  ],
  [
    'replicas',
    'two challenges of one authorization',
    'replicas.test.ts',
    'end an authorization one way when one challenge succeeds and another fails',
  ],
  ['replicas', 'two that migrate at once', 'replicas.test.ts', 'apply each migration once, and both end well'],
];
