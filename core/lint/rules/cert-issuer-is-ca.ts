import { basicConstraintsOf, issuedTypes } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const certIssuerIsCa: CertificateRule = {
  id: 'cert-issuer-is-ca',
  clause: 'RFC 5280 §4.2.1.9 and §6.1.4 (k)',
  demand: 'The issuer’s certificate says that it is a CA.',
  appliesTo: issuedTypes,
  check: ({ issuer }) =>
    issuer === undefined || basicConstraintsOf(issuer.tbs)?.ca === true ? undefined : 'an issuer that is no CA',
};
