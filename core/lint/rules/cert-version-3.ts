import { everyType } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const certVersion3: CertificateRule = {
  id: 'cert-version-3',
  clause: 'RFC 5280 §4.1.2.1',
  demand: 'A certificate with extensions has version 3.',
  appliesTo: everyType,
  check: ({ tbs }) => (tbs.version === 3 ? undefined : `version ${tbs.version}`),
};
