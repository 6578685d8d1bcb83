const ocsp =
  'there is no OCSP responder yet: revocation is known from CRLs alone. A later issue (EST, SCEP, CMP, OCSP) has it';

/** What clients may look for and do not find: where, what, and why. Nothing of it is advertised. */
export const notHere: readonly (readonly [where: string, what: string, why: string])[] = [
  ['OCSP', 'RFC 5019 GET, pre-signed answers, ETag and max-age', ocsp],
  ['OCSP', 'a nonce is echoed, 1 to 128 octets (RFC 9654)', ocsp],
  ['OCSP', '`good` for serial numbers that were issued, and for no others', ocsp],
  ['OCSP', 'a responder certificate with ocsp-nocheck and the OCSPSigning purpose', ocsp],
  ['CRL', 'shards with an issuing distribution point each', 'one CRL lists everything that an issuing CA has revoked'],
];
