import { locatedTypes, policiesOf } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const certPoliciesPlain: CertificateRule = {
  id: 'cert-policies-plain',
  clause: 'BR 7.1.2.10.5 and 7.1.2.7.9 (policyQualifiers: NOT RECOMMENDED); Coldroot profile table',
  demand: 'Certificate policies are identifiers without qualifiers.',
  appliesTo: locatedTypes,
  check: ({ tbs }) => (policiesOf(tbs)?.qualified === true ? 'a policy with qualifiers' : undefined),
};
