import type { Clause } from './clause.ts';

const everything = 'successors/authorizations.test.ts';
const renewal = 'successors/renewal.test.ts';
const alpn = 'validate/tls-alpn-01.test.ts';
const http = 'validate/http-01.test.ts';

const tlsAlpn: readonly Clause[] = [
  [
    'RFC 8737 §3',
    'acme-tls/1 is offered alone, the name alone is the SNI; one dNSName, a critical acmeIdentifier with the hash',
    alpn,
    'succeeds with the hash in a self-signed certificate for exactly this name',
  ],
  ['RFC 8737 §3', 'anything else is refused', alpn, 'fails with %s'],
  [
    'RFC 8737 §3',
    'acme-tls/1 must be chosen',
    alpn,
    'fails with a tls problem when the server knows no acme-tls/1, chooses none, or speaks no TLS',
  ],
  ['RFC 8737 §3', 'names are compared without regard to case', alpn, 'compares names without regard to case (§3)'],
  [
    'RFC 8737 §3',
    'TCP port 443, unless a private network has it otherwise',
    'ops/config.test.ts',
    'is read, its paths begin at its folder, and everything left out has a default',
  ],
  [
    'RFC 8737 §4',
    'no byte after the handshake; closed at once',
    alpn,
    'sends nothing after the handshake, and ends the connection at once (§4)',
  ],
  [
    'RFC 8737 §4',
    'TLS 1.2 or newer',
    alpn,
    'fails with a tls problem when the server offers nothing newer than TLS 1.1',
  ],
];

const addresses: readonly Clause[] = [
  ['RFC 8738 §3', 'addresses in their one form', 'acme/identifiers.test.ts', 'are normalised and kept in order'],
  [
    'RFC 8738 §4',
    'nothing is resolved: the address itself is connected to',
    http,
    'connects to the address itself for an identifier that is one (RFC 8738)',
  ],
  [
    'RFC 8738 §5',
    'the address as Host, IPv6 as RFC 7230 has it',
    http,
    'names an IPv6 address in brackets as Host (RFC 8738 §5)',
  ],
  [
    'RFC 8738 §6',
    'the reverse name as SNI, a single iPAddress in the certificate',
    alpn,
    'for an address sends its reverse name as SNI and wants an iPAddress (RFC 8738 §6)',
  ],
  ['RFC 8738 §6', 'and no name instead of it', alpn, 'fails with a name where an address is asked for'],
  [
    'RFC 8738 §7',
    'no DNS challenge for addresses',
    everything,
    'for an address are http-01 and tls-alpn-01 (RFC 8738 §7)',
  ],
];

const subdomains: readonly Clause[] = [
  [
    'RFC 9444 §4.1',
    'an authorization for what is below says subdomainAuthAllowed: true',
    everything,
    'an order may name the domain above whose control it proves, once for several names',
  ],
  [
    'RFC 9444 §4.2',
    'pre-authorization: subdomainAuthAllowed in the identifier, and nowhere else',
    everything,
    '§4.2: a pre-authorization may ask for the names below as well, in its identifier',
  ],
  [
    'RFC 9444 §4.3',
    'ancestorDomain',
    everything,
    'an order may name the domain above whose control it proves, once for several names',
  ],
  [
    'RFC 9444 §4.3',
    'an ancestor is a domain above, by whole labels, that policy allows',
    everything,
    'an ancestor domain must be one, and allowed: %s is not',
  ],
  ['RFC 9444 §4.4', 'meta.subdomainAuthAllowed', everything, 'advertises what works here and nothing more'],
  [
    'RFC 9444, RFC 8555 §7.6',
    'revocation by who controls the domain above',
    everything,
    'a certificate is revoked by an account that controls the domain above its names',
  ],
];

const renewals: readonly Clause[] = [
  [
    'RFC 9773 §3',
    'renewalInfo in the directory',
    'rfc8555/requests.test.ts',
    'names what works and nothing else, below the configured base URL',
  ],
  [
    'RFC 9773 §4.1',
    'names of certificates, strictly',
    renewal,
    '§4.1: a name with padding, without a dot, of another CA or of no certificate of ours is refused',
  ],
  [
    'RFC 9773 §4.2, §6',
    'the suggested window, whose end is after its start, by unauthenticated GET',
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
    'RFC 9773 §4.3',
    'Retry-After with every answer',
    renewal,
    '§4.2: suggests a window about two thirds into the life, with Retry-After in seconds and without a nonce',
  ],
  [
    'RFC 9773 §5, §7.4',
    'replaces is repeated, by the order too; alreadyReplaced is 409',
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
    'RFC 9773 §5',
    'renewals in the suggested window are not counted by limits of orders',
    'directories.test.ts',
    'counts no order that replaces a certificate in its window (RFC 9773), and takes none that only says so',
  ],
  [
    'RFC 9773 §5',
    'but a few for each certificate: whoever fails them is counted',
    'directories.test.ts',
    'counts orders that replace one certificate from the fourth on: failing them is no way round a limit',
  ],
];

/** RFCs that came after RFC 8555. */
export const successorClauses: readonly Clause[] = [
  ...tlsAlpn,
  ...addresses,
  ...subdomains,
  ...renewals,
  ['RFC 8659, RFC 8657', 'CAA, where a directory heeds it', 'validate/caa.test.ts', 'forbids it where %s'],
];
