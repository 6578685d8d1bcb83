import { basicConstraintsOf } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const crossPathLengthCarried: CertificateRule = {
  id: 'cross-path-length-carried',
  clause: 'RFC 5280 §4.2.1.9; Coldroot (a cross-certificate loses no limit)',
  demand: 'A cross-certificate has the path length of the existing certificate, where that has one.',
  appliesTo: ['intermediate'],
  check: ({ tbs, existing }) => {
    const wanted = existing === undefined ? undefined : basicConstraintsOf(existing.tbs)?.pathLength;
    const own = basicConstraintsOf(tbs)?.pathLength;
    return wanted === undefined || own === wanted ? undefined : `${own ?? 'none'} instead of ${wanted}`;
  },
};
