/** Keys a token may be asked to generate (BR 6.1.5). */
export const keyAlgorithmNames = ['ec-p256', 'ec-p384', 'rsa-2048', 'rsa-3072', 'rsa-4096'] as const;
export type KeyAlgorithmName = (typeof keyAlgorithmNames)[number];

/** Signatures a certificate, CSR, CRL or CMS may carry (BR 7.1.3.2). */
export const signatureAlgorithmNames = [
  'ecdsa-sha256',
  'ecdsa-sha384',
  'rsa-sha256',
  'rsa-sha384',
  'rsa-sha512',
  'rsa-pss-sha256',
  'rsa-pss-sha384',
  'rsa-pss-sha512',
] as const;
export type SignatureAlgorithmName = (typeof signatureAlgorithmNames)[number];
