import { equalBytes } from '../../ports/bytes.ts';
import { issuedTypes } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const certSubjectNotIssuer: CertificateRule = {
  id: 'cert-subject-not-issuer',
  clause: 'RFC 5280 §3.2 and §6.1 (self-issued certificates)',
  demand: 'Subject and issuer are different names: only a root issues itself.',
  appliesTo: issuedTypes,
  check: ({ tbs }) => (equalBytes(tbs.subject, tbs.issuer) ? 'the issuer’s own name' : undefined),
};
