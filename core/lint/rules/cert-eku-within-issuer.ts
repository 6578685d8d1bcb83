import { oidName, oids } from '../../x509/oids.ts';
import { extKeyUsageOf, issuedTypes, listed } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const certEkuWithinIssuer: CertificateRule = {
  id: 'cert-eku-within-issuer',
  clause: 'Mozilla MRSP 5.3; BR 7.1.2.10.6; Coldroot (key purposes chain, as relying parties take them)',
  demand: 'Where the issuer names key purposes, every purpose of its child is among them.',
  // No CA that serves TLS may name OCSPSigning itself (BR 7.1.2.10.6), and the clients that chain purposes leave it out.
  appliesTo: issuedTypes.filter((type) => type !== 'ocsp-signer'),
  check: ({ tbs, issuer }) => {
    const allowed = issuer === undefined ? undefined : extKeyUsageOf(issuer.tbs);
    if (allowed === undefined || allowed.includes(oids.anyExtendedKeyUsage)) return undefined;
    return listed((extKeyUsageOf(tbs) ?? []).filter((purpose) => !allowed.includes(purpose)).map(oidName));
  },
};
