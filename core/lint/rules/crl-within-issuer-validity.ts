import { at } from '../helpers.ts';
import type { CrlRule } from '../rule.ts';

export const crlWithinIssuerValidity: CrlRule = {
  id: 'crl-within-issuer-validity',
  clause: 'RFC 5280 §6.3.3 (f); Coldroot (no CRL that outlives its issuer)',
  demand: 'thisUpdate and nextUpdate lie within the validity of the issuer’s certificate.',
  check: ({ tbs: { thisUpdate, nextUpdate = 0 }, issuer, signingTime }) => {
    if (issuer === undefined) return undefined;
    const { notBefore, notAfter } = issuer.tbs;
    // Looked at later, it may be older than its issuer’s certificate: that of a CA that was renewed since.
    if (signingTime !== undefined && thisUpdate < notBefore)
      return `thisUpdate ${at(thisUpdate)}, issuer from ${at(notBefore)}`;
    return nextUpdate > notAfter ? `nextUpdate ${at(nextUpdate)}, issuer to ${at(notAfter)}` : undefined;
  },
};
