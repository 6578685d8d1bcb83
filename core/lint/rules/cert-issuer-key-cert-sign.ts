import { issuedTypes, keyUsageOf } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const certIssuerKeyCertSign: CertificateRule = {
  id: 'cert-issuer-key-cert-sign',
  clause: 'RFC 5280 §4.2.1.3 and §6.1.4 (n)',
  demand: 'The issuer’s key usage includes keyCertSign.',
  appliesTo: issuedTypes,
  check: ({ issuer }) =>
    issuer === undefined || keyUsageOf(issuer.tbs)?.includes('keyCertSign') === true
      ? undefined
      : 'an issuer without keyCertSign',
};
