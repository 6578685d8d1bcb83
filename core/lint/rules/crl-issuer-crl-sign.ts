import { keyUsageOf } from '../helpers.ts';
import type { CrlRule } from '../rule.ts';

export const crlIssuerCrlSign: CrlRule = {
  id: 'crl-issuer-crl-sign',
  clause: 'RFC 5280 §4.2.1.3 and §6.3.3 (f)',
  demand: 'The issuer’s key usage includes cRLSign.',
  check: ({ issuer }) =>
    issuer === undefined || keyUsageOf(issuer.tbs)?.includes('cRLSign') === true
      ? undefined
      : 'an issuer without cRLSign',
};
