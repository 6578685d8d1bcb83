type Row = readonly [text: string, readAs: string];

/**
 * Which version of which text the rows were read beside. The machine they were written on had no way to the RFC Editor;
 * what is named here are copies in public repositories, by commit.
 */
export const textsRead: readonly Row[] = [
  [
    'RFC 8555 §6 to §8',
    'the editors’ XML of the RFC before its last editorial questions: ietf-wg-acme/acme, rfced/rfc8555.xml, c6fc010',
  ],
  [
    'RFC 8737',
    'draft-ietf-acme-tls-alpn (rolandshoemaker/acme-tls-alpn, its last stored version, with id-pe 31); of the RFC itself §4 and the first half of §3',
  ],
  ['RFC 8738', 'draft-ietf-acme-ip as sent to the RFC Editor (rolandshoemaker/acme-ip-validation, 131e1fe)'],
  [
    'RFC 9444',
    'draft-ietf-acme-subdomains-07 (upros/acme-subdomains, e04e2a2), where ancestorDomain is called parentDomain still',
  ],
  [
    'RFC 9773',
    'draft-ietf-acme-ari-08 (aarongable/draft-acme-ari, 07cb4df); the changes from there to the RFC in part',
  ],
  ['acme-profiles', 'ietf-wg-acme/draft-acme-profiles, 28d9e9e'],
  [
    'acme-dns-account-label',
    'its forerunner with the same label, draft-ietf-acme-dns-account-challenge (aaomidi/draft-ietf-acme-scoped-dns-challenges, c95a7d1)',
  ],
  ['acme-dns-persist', 'draft-02 of 20 September 2026 (ietf-wg-acme/draft-ietf-acme-dns-persist, ab5f2f1)'],
  ['RFC 8657, RFC 8659, and those of OCSP', 'not at hand: written from knowledge'],
];

/** Where the issuer does otherwise than a text says: where, what, and why. */
export const departures: readonly (readonly [where: string, what: string, why: string])[] = [
  [
    'RFC 8555 §6.1',
    'padded base64url is accepted in "csr" and "certificate", and in nothing that is signed or compared',
    'clients that people have send it (Synology), and it can mean only one thing',
  ],
  [
    'RFC 8555 §8',
    'a challenge that is tried again is "processing" and has an "error"',
    '§8.2 demands the entry after each attempt, which §8 would have in invalid challenges alone',
  ],
  [
    'RFC 8555 §7.3.5',
    'a nonce in the inner JWS of a key change is ignored',
    'clients send one; it proves nothing, as the outer JWS has its own',
  ],
  [
    'RFC 9110 §15.5.2',
    'the 401 that RFC 8555 §7.3.6 demands for closed accounts comes without WWW-Authenticate',
    'there is no scheme by which a client could authenticate itself to be let in',
  ],
  [
    'acme-dns-persist §4.1',
    'a record may name the account by its URL, as the drafts before -02 have it',
    'clients write it so still; the URL names one account for good, and nobody but who has its key can use it',
  ],
  [
    'acme-profiles §4',
    'an order that names no profile has none: the directory’s own rules hold',
    'clients that know no profiles are not shown a name they did not choose',
  ],
];
