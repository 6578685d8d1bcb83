import type { Clause } from './clause.ts';

const ocsp = 'revocation/ocsp.test.ts';
const signing = 'revocation/ocsp-signing.test.ts';

/** What clients of OCSP are owed, where it is configured. */
export const ocspClauses: readonly Clause[] = [
  [
    'RFC 5280 §4.2.2.1',
    'certificates name the responder, where the profile does',
    ocsp,
    'is named in certificates where the profile says so, beside the issuer’s certificate',
  ],
  [
    'RFC 5280 §4.2.2.1',
    'none is named that is not there',
    ocsp,
    'is refused to be left out where a profile names a responder',
  ],
  [
    'RFC 6960 §2.2',
    'good for what was issued',
    ocsp,
    'says good of a certificate that was issued, signed by whom the bundle names',
  ],
  [
    'RFC 6960 §2.2',
    'revoked, with time and reason',
    ocsp,
    'says revoked, when and why, as soon as the revocation is answered, though it said good before',
  ],
  [
    'RFC 6960 §2.2',
    '`good` for no other serial numbers',
    ocsp,
    'answers unauthorized, unsigned, about a serial number that was never issued, and never good',
  ],
  [
    'RFC 6960 §2.2',
    'nor for what was not stored',
    ocsp,
    'answers unauthorized about a certificate that was to be signed and is not stored',
  ],
  [
    'RFC 5019 §2.2.3',
    'unauthorized about what is not on record, without a signature',
    signing,
    'asks the token nothing about numbers that nobody has issued',
  ],
  [
    'RFC 6960 §2.5',
    'answers made ahead, given out to their nextUpdate, never against the record',
    signing,
    'gives out what is still good while the token is away, to its end, and never once the record says otherwise',
  ],
  ['RFC 6960 §2.3', 'malformedRequest', ocsp, 'answers malformedRequest to %s'],
  [
    'RFC 6960 §2.3',
    'tryLater without the token',
    ocsp,
    'answers tryLater while the token is away, and goes on with what it has signed, also to those who send a nonce',
  ],
  [
    'RFC 6960 §2.3',
    'tryLater for too many at once',
    signing,
    'makes sixteen signatures at a time; who comes then is told to try later',
  ],
  [
    'RFC 6960 §2.3',
    'unauthorized about other CAs',
    ocsp,
    'answers unauthorized about the certificates of another CA, and is not found under another name',
  ],
  [
    'RFC 6960 §2.6',
    'a delegated signer of the bundle, its certificate with the answer',
    ocsp,
    'has answers signed by the signer that lasts longest, of those whose keys are on our token',
  ],
  [
    'RFC 5280 §4.2.1.3',
    'by the CA itself only with digitalSignature',
    'revocation/ocsp-authority.test.ts',
    'is the CA itself only where its certificate has digitalSignature',
  ],
  [
    'RFC 6960 §4.2.2.2',
    'only while its certificate is valid',
    signing,
    'has answers signed by the first whose certificate is valid, and by nobody where none is',
  ],
  [
    'RFC 6960 appendix A',
    'POST of application/ocsp-request alone',
    ocsp,
    'answers malformedRequest to another type, and to what is not base64 in a path',
  ],
  [
    'RFC 5019 §5',
    'GET, escaped or not',
    ocsp,
    'answers GET like POST: base64 in the path as it is or escaped, with slashes in a row, on each listener',
  ],
  [
    'RFC 5019 §6.2',
    'ETag, Last-Modified, Expires, max-age',
    ocsp,
    'keeps an answer without a nonce, which caches may keep for a minute and ask for by its ETag',
  ],
  [
    'RFC 6960 §2.5',
    'signed once, anew in good time',
    signing,
    'signs an answer once until half of its lifetime is over, for all who ask at the same time',
  ],
  [
    'RFC 6960 §3.2',
    'nextUpdate within the signer’s certificate',
    signing,
    'makes no answer that lasts longer than the certificate of whoever signs it',
  ],
  [
    'RFC 6960 §2.3',
    'internalError',
    signing,
    'answers internalError, and gives nothing out, when another key has signed',
  ],
  ['RFC 9654 §2.1', 'a nonce is repeated', ocsp, 'repeats a nonce in an answer of its own, which nobody keeps'],
  [
    'RFC 9654 §2.1',
    'or left out, where the operator says so',
    ocsp,
    'left out means that there is no responder; with nonces off, every answer is one to keep',
  ],
];
