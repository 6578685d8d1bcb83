import { locatedTypes } from '../helpers.ts';
import { accessOf } from '../locations.ts';
import type { CertificateRule } from '../rule.ts';

export const certAiaMethods: CertificateRule = {
  id: 'cert-aia-methods',
  clause: 'BR 7.1.2.10.3 and 7.1.2.7.7 (any other access method: MUST NOT)',
  demand: 'Authority information access names only caIssuers and ocsp.',
  appliesTo: locatedTypes,
  check: ({ tbs }) => (accessOf(tbs).others ? 'another access method' : undefined),
};
