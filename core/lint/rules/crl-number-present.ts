import { extensionOf } from '../../x509/certificate.ts';
import { oids } from '../../x509/oids.ts';
import type { CrlRule } from '../rule.ts';

export const crlNumberPresent: CrlRule = {
  id: 'crl-number-present',
  clause: 'RFC 5280 §5.2.3; BR 7.2.2 (CRLNumber: MUST)',
  demand: 'A CRL has a number.',
  check: ({ tbs }) => (extensionOf(tbs, oids.cRLNumber) === undefined ? 'no CRL number' : undefined),
};
