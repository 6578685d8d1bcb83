import { at, issuedTypes } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const certWithinIssuerValidity: CertificateRule = {
  id: 'cert-within-issuer-validity',
  clause: 'RFC 5280 §6.1.3 (a)(2)',
  demand: 'The certificate is valid only while its issuer is: a path outside that time cannot be validated.',
  appliesTo: issuedTypes,
  check: ({ tbs, issuer, signingTime }) => {
    if (issuer === undefined) return undefined;
    // Looked at later, it may be older than its issuer’s certificate: that of a CA that was renewed since.
    if (signingTime !== undefined && tbs.notBefore < issuer.tbs.notBefore)
      return `from ${at(tbs.notBefore)}, issuer from ${at(issuer.tbs.notBefore)}`;
    if (tbs.notAfter > issuer.tbs.notAfter) return `to ${at(tbs.notAfter)}, issuer to ${at(issuer.tbs.notAfter)}`;
    return undefined;
  },
};
