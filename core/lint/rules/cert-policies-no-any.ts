import { oids } from '../../x509/oids.ts';
import { locatedTypes, policiesOf } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const certPoliciesNoAny: CertificateRule = {
  id: 'cert-policies-no-any',
  clause: 'BR 7.1.2.7.9; RFC 5280 §4.2.1.4; Coldroot profile table',
  demand: 'Certificate policies are named one by one, without anyPolicy.',
  appliesTo: locatedTypes,
  check: ({ tbs }) => (policiesOf(tbs)?.policies.includes(oids.anyPolicy) === true ? 'anyPolicy' : undefined),
};
