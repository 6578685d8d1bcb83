import { issuedTypes, otherName } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const certIssuerName: CertificateRule = {
  id: 'cert-issuer-name',
  clause: 'RFC 5280 §4.1.2.4; BR 7.1.4.1 (byte-for-byte)',
  demand: 'The issuer’s name is, byte for byte, the subject of the issuer’s certificate.',
  appliesTo: issuedTypes,
  check: ({ tbs, issuer }) => (issuer === undefined ? undefined : otherName(tbs.issuer, issuer.tbs.subject)),
};
