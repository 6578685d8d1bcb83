import type { Clause } from './clause.ts';

const everything = 'successors/authorizations.test.ts';
const renewal = 'successors/renewal.test.ts';
const alpn = 'validate/tls-alpn-01.test.ts';
const inDns = 'validate/dns-account-01.test.ts';

/** What came after RFC 8555. */
export const successorClauses: readonly Clause[] = [
  [
    'RFC 8737 §3',
    'acmeIdentifier, critical, in a self-signed certificate for one name',
    alpn,
    'succeeds with the hash in a self-signed certificate for exactly this name',
  ],
  ['RFC 8737 §3', 'anything else is refused', alpn, 'fails with %s'],
  [
    'RFC 8737 §6.2',
    'acme-tls/1 must be chosen',
    alpn,
    'fails with a tls problem when the server knows no acme-tls/1, chooses none, or speaks no TLS',
  ],
  [
    'RFC 8737 §4',
    'TLS 1.2 or newer',
    alpn,
    'fails with a tls problem when the server offers nothing newer than TLS 1.1',
  ],
  ['RFC 8738 §3', 'addresses in their one form', 'acme/identifiers.test.ts', 'are normalised and kept in order'],
  [
    'RFC 8738 §4',
    'http-01 for addresses',
    'validate/http-01.test.ts',
    'connects to the address itself for an identifier that is one (RFC 8738)',
  ],
  [
    'RFC 8738 §6',
    'the reverse name as SNI',
    alpn,
    'for an address sends its reverse name as SNI and wants an iPAddress (RFC 8738 §6)',
  ],
  [
    'RFC 8738 §7',
    'no DNS challenge for addresses',
    everything,
    'for an address are http-01 and tls-alpn-01 (RFC 8738 §7)',
  ],
  [
    'RFC 9773 §4.1',
    'names of certificates, strictly',
    renewal,
    '§4.1: a name with padding, without a dot, of another CA or of no certificate of ours is refused',
  ],
  [
    'RFC 9773 §4.2',
    'the suggested window',
    renewal,
    '§4.2: suggests a window about two thirds into the life, with Retry-After in seconds and without a nonce',
  ],
  [
    'RFC 9773 §4.2',
    'incidents, explanationURL',
    renewal,
    '§4.2: an incident moves the window of what the CA signed before then, and its end moves it back',
  ],
  [
    'RFC 9773 §5',
    'replaces is repeated; alreadyReplaced is 409',
    renewal,
    'repeats it, and while it is not invalid no other order may',
  ],
  ['RFC 9773 §5', 'same account, a common name', renewal, 'has one of its names, and is of the account that has it'],
  [
    'RFC 9773 §5',
    'of two that race one wins',
    'store/races.test.ts',
    'a certificate is replaced by one of many orders, and by another as soon as that one is invalid',
  ],
  [
    'RFC 9444 §4.1',
    'pre-authorization with subdomainAuthAllowed',
    everything,
    '§4.1: a pre-authorization may ask for the names below as well',
  ],
  [
    'RFC 9444 §4.2',
    'ancestorDomain',
    everything,
    'an order may name the domain above whose control it proves, once for several names',
  ],
  ['RFC 8659, RFC 8657', 'CAA, where a directory heeds it', 'validate/caa.test.ts', 'forbids it where %s'],
  [
    'acme-profiles',
    'profiles are advertised, chosen and repeated',
    everything,
    'an order may name one, repeats it, and its certificate is like it',
  ],
  ['acme-profiles', 'invalidProfile', everything, 'that the directory does not have is refused'],
  [
    'acme-dns-account-label',
    'the label of the account',
    inDns,
    'succeeds with the record at the label of this account, and at no other',
  ],
  ['acme-dns-persist', 'records that permit', inDns, 'succeeds with a record that %s'],
  ['acme-dns-persist', 'records that do not', inDns, 'fails with a record that %s'],
  [
    'RFC 9444',
    'revocation by who controls the domain above',
    everything,
    'a certificate is revoked by an account that controls the domain above its names',
  ],
  [
    'RFC 9773 §5',
    'renewals are not counted by limits of orders',
    'directories.test.ts',
    'counts no order that replaces a certificate (RFC 9773), and takes none that only says so',
  ],
  [
    'acme-dns-persist',
    'policy=wildcard at a domain above, where the directory has subdomains',
    inDns,
    'succeeds for %s with a record above it that says policy=wildcard',
  ],
  ['acme-dns-persist', 'without it, or for another account, not', inDns, 'fails with a record above it that %s'],
  [
    'acme-dns-persist',
    'persistUntil ends authorization and order',
    everything,
    'dns-persist-01 takes a record of a domain above, and proves nothing after its persistUntil',
  ],
];
