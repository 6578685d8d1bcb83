import { basicConstraintsOf } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const rootNoPathLength: CertificateRule = {
  id: 'root-no-path-length',
  clause: 'BR 7.1.2.1.4 (pathLenConstraint: NOT RECOMMENDED)',
  demand: 'A root has no path length constraint.',
  appliesTo: ['root'],
  check: ({ tbs }) => {
    const length = basicConstraintsOf(tbs)?.pathLength;
    return length === undefined ? undefined : `path length ${length}`;
  },
};
