import { caTypes, otherName } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const crossSubjectIdentical: CertificateRule = {
  id: 'cross-subject-identical',
  clause: 'BR 7.1.2.2.2',
  demand: 'The subject of a cross-certificate or a renewal is, byte for byte, that of the existing certificate.',
  appliesTo: caTypes,
  check: ({ tbs, existing }) => (existing === undefined ? undefined : otherName(tbs.subject, existing.tbs.subject)),
};
