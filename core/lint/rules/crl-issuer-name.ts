import { otherName } from '../helpers.ts';
import type { CrlRule } from '../rule.ts';

export const crlIssuerName: CrlRule = {
  id: 'crl-issuer-name',
  clause: 'RFC 5280 §5.1.2.3; BR 7.2 (issuer: byte-for-byte)',
  demand: 'The issuer’s name is, byte for byte, the subject of the issuer’s certificate.',
  check: ({ tbs, issuer }) => (issuer === undefined ? undefined : otherName(tbs.issuer, issuer.tbs.subject)),
};
