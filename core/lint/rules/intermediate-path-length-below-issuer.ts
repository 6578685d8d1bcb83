import { basicConstraintsOf } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const intermediatePathLengthBelowIssuer: CertificateRule = {
  id: 'intermediate-path-length-below-issuer',
  clause: 'RFC 5280 §4.2.1.9 and §6.1.4 (m)',
  demand: 'An intermediate’s path length is less than its issuer’s, where that has one.',
  appliesTo: ['intermediate'],
  check: ({ tbs, issuer }) => {
    const above = issuer === undefined ? undefined : basicConstraintsOf(issuer.tbs)?.pathLength;
    const own = basicConstraintsOf(tbs)?.pathLength;
    return above === undefined || own === undefined || own < above ? undefined : `${own} under ${above}`;
  },
};
