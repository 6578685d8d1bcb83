import { oidName } from '../../x509/oids.ts';
import { listed, locatedTypes, policiesOf, repeated } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const certPoliciesNoRepeats: CertificateRule = {
  id: 'cert-policies-no-repeats',
  clause: 'RFC 5280 §4.2.1.4',
  demand: 'No certificate policy is named twice.',
  appliesTo: locatedTypes,
  check: ({ tbs }) => listed(repeated(policiesOf(tbs)?.policies ?? []).map(oidName)),
};
