import { otherName } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const crossSubjectIdentical: CertificateRule = {
  id: 'cross-subject-identical',
  clause: 'BR 7.1.2.2.2',
  demand: 'A cross-certificate’s subject is, byte for byte, that of the existing certificate.',
  appliesTo: ['intermediate'],
  check: ({ tbs, existing }) => (existing === undefined ? undefined : otherName(tbs.subject, existing.tbs.subject)),
};
