import { equalBytes } from '../../ports/bytes.ts';
import type { CertificateRule } from '../rule.ts';

export const rootSelfIssued: CertificateRule = {
  id: 'root-self-issued',
  clause: 'BR 7.1.2.1 (issuer: byte-for-byte the subject)',
  demand: 'A root’s issuer and subject are the same bytes.',
  appliesTo: ['root'],
  check: ({ tbs }) => (equalBytes(tbs.issuer, tbs.subject) ? undefined : 'two different names'),
};
