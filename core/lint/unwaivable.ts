/**
 * Rules that nobody may waive. The others say how a certificate or CRL should be, and there can be reasons; these say what it
 * is: without them an end entity would be a CA, a key another's, a revocation forgotten, or a weak key strong.
 */
const ids = [
  'bundle-signer-eku',
  'ca-basic-constraints',
  'cert-extension-value-der',
  'cert-issuer-at-hand',
  'cert-issuer-is-ca',
  'cert-issuer-key-cert-sign',
  'cert-issuer-name',
  'cert-key-close-primes',
  'cert-key-not-issuers',
  'cert-key-on-curve',
  'cert-key-roca',
  'cert-key-small-factors',
  'cert-name-readable',
  'cert-signature-algorithm',
  'cert-signature-fits-key',
  'crl-entry-serials-unique',
  'crl-entry-unchanged',
  'crl-extension-value-der',
  'crl-idp-full',
  'crl-issuer-at-hand',
  'crl-issuer-crl-sign',
  'crl-issuer-name',
  'crl-keeps-entries',
  'crl-not-delta',
  'crl-number-rises',
  'crl-previous-same-issuer',
  'crl-signature-algorithm',
  'crl-signature-fits-key',
  'cross-key-identical',
  'cross-subject-identical',
  'end-entity-not-ca',
  'ocsp-signer-eku',
  'root-self-issued',
] as const;

/** The ids of the rules that nobody may waive. */
export const unwaivable: ReadonlySet<string> = new Set(ids);
