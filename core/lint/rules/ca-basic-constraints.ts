import { basicConstraintsOf, caTypes } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const caBasicConstraints: CertificateRule = {
  id: 'ca-basic-constraints',
  clause: 'RFC 5280 §4.2.1.9; BR 7.1.2.1.4 and 7.1.2.10.4',
  demand: 'A CA’s basic constraints say cA TRUE.',
  appliesTo: caTypes,
  check: ({ tbs }) => (basicConstraintsOf(tbs)?.ca === true ? undefined : 'no cA TRUE'),
};
