import { subjectAltNamesOf } from '../dns-name.ts';
import type { CertificateRule } from '../rule.ts';

export const leafSanNotEmpty: CertificateRule = {
  id: 'leaf-san-not-empty',
  clause: 'BR 7.1.2.7.12 (subjectAltName: MUST)',
  demand: 'A leaf has at least one subject alternative name.',
  appliesTo: ['leaf'],
  check: ({ tbs }) => (subjectAltNamesOf(tbs).length > 0 ? undefined : 'no name'),
};
