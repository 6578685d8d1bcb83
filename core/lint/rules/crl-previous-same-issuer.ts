import { equalBytes } from '../../ports/bytes.ts';
import { authorityKeyIdentifierOf } from '../helpers.ts';
import type { CrlRule } from '../rule.ts';

// Comparing with the wrong predecessor (last year's path, another root's CRL) proves nothing and would pass for proof.
export const crlPreviousSameIssuer: CrlRule = {
  id: 'crl-previous-same-issuer',
  clause: 'RFC 5280 §5.2.3 (one sequence for one issuer and scope)',
  demand: 'The CRL before it is of the same issuer and the same key.',
  check: ({ tbs, previous }) => {
    if (previous === undefined) return undefined;
    if (!equalBytes(tbs.issuer, previous.tbs.issuer)) return 'a CRL of another issuer';
    const [own, before] = [authorityKeyIdentifierOf(tbs), authorityKeyIdentifierOf(previous.tbs)];
    const same = own === undefined || before === undefined || equalBytes(own, before);
    return same ? undefined : 'a CRL of another key';
  },
};
