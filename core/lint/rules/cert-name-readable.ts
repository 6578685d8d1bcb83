import { everyType, listed, namesOf } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const certNameReadable: CertificateRule = {
  id: 'cert-name-readable',
  clause: 'RFC 5280 §4.1.2.4',
  demand: 'Issuer and subject are Names whose strings fit their types.',
  appliesTo: everyType,
  check: ({ tbs }) => listed((['issuer', 'subject'] as const).filter((whose) => namesOf(tbs[whose]) === undefined)),
};
