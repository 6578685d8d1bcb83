import { everyType, isEmptyName } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const certIssuerNotEmpty: CertificateRule = {
  id: 'cert-issuer-not-empty',
  clause: 'RFC 5280 §4.1.2.4',
  demand: 'The issuer’s name is not empty.',
  appliesTo: everyType,
  check: ({ tbs }) => (isEmptyName(tbs.issuer) ? 'an empty name' : undefined),
};
