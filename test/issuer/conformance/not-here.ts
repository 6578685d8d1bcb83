/** What clients may look for and do not find: where, what, and why. Nothing of it is advertised. */
export const notHere: readonly (readonly [where: string, what: string, why: string])[] = [
  ['OCSP', 'answers signed ahead for every certificate', 'one is signed when it is first asked for, and then kept'],
  ['CRL', 'shards with an issuing distribution point each', 'one CRL lists everything that an issuing CA has revoked'],
];
