import { equalBytes } from '../../ports/bytes.ts';
import { toHex } from '../../ports/hex.ts';
import { authorityKeyIdentifierOf, issuerKeyIdentifier } from '../helpers.ts';
import type { CrlRule } from '../rule.ts';

export const crlAkiMatchesIssuer: CrlRule = {
  id: 'crl-aki-matches-issuer',
  clause: 'RFC 5280 §5.2.1; BR 7.1.2.11.1',
  demand: 'The authority key identifier is the subject key identifier of the issuer’s certificate.',
  check: ({ tbs, issuer }) => {
    const found = authorityKeyIdentifierOf(tbs);
    if (issuer === undefined || found === undefined) return undefined;
    const wanted = issuerKeyIdentifier(issuer);
    if (wanted === undefined) return 'an issuer without subject key identifier';
    return equalBytes(found, wanted) ? undefined : toHex(found.subarray(0, 32));
  },
};
