import { basicConstraintsOf } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const intermediateIssuerPathLength: CertificateRule = {
  id: 'intermediate-issuer-path-length',
  clause: 'RFC 5280 §4.2.1.9 and §6.1.4 (l)',
  demand: 'The issuer’s path length allows a CA below it.',
  appliesTo: ['intermediate'],
  check: ({ issuer }) =>
    issuer !== undefined && basicConstraintsOf(issuer.tbs)?.pathLength === 0 ? 'path length 0' : undefined,
};
