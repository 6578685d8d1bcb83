import { everyType } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const certNoUniqueIdentifiers: CertificateRule = {
  id: 'cert-no-unique-identifiers',
  clause: 'RFC 5280 §4.1.2.8; BR 7.1.2 (issuerUniqueID, subjectUniqueID: MUST NOT be present)',
  demand: 'There are no unique identifiers of issuer or subject.',
  appliesTo: everyType,
  check: ({ tbs }) => (tbs.uniqueIdentifiers ? 'a unique identifier' : undefined),
};
