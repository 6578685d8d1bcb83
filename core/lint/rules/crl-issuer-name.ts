import { equalBytes } from '../../ports/bytes.ts';
import { formatName } from '../../x509/name.ts';
import { attempt } from '../helpers.ts';
import type { CrlRule } from '../rule.ts';

export const crlIssuerName: CrlRule = {
  id: 'crl-issuer-name',
  clause: 'RFC 5280 §5.1.2.3; BR 7.2 (issuer: byte-for-byte)',
  demand: 'The issuer’s name is, byte for byte, the subject of the issuer’s certificate.',
  check: ({ tbs, issuer }) => {
    if (issuer === undefined || equalBytes(tbs.issuer, issuer.tbs.subject)) return undefined;
    return attempt(() => formatName(tbs.issuer)) ?? 'an unreadable name';
  },
};
