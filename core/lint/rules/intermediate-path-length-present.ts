import { basicConstraintsOf } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const intermediatePathLengthPresent: CertificateRule = {
  id: 'intermediate-path-length-present',
  clause: 'RFC 5280 §4.2.1.9; BR 7.1.2.10.4 (pathLenConstraint: MAY); Coldroot profile table',
  demand: 'An intermediate says how many CAs may stand below it.',
  appliesTo: ['intermediate'],
  check: ({ tbs }) => {
    const constraints = basicConstraintsOf(tbs);
    return constraints?.ca === true && constraints.pathLength === undefined ? 'no path length' : undefined;
  },
};
