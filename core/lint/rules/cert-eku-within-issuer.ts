import { oidName, oids } from '../../x509/oids.ts';
import { extKeyUsageOf, issuedTypes, listed } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const certEkuWithinIssuer: CertificateRule = {
  id: 'cert-eku-within-issuer',
  clause: 'BR 7.1.2.2.5 and 7.1.2.10.6 (key purposes chain); Mozilla MRSP 5.3',
  demand: 'Where the issuer names key purposes, every purpose of its child is among them.',
  appliesTo: issuedTypes,
  check: ({ tbs, issuer }) => {
    const allowed = issuer === undefined ? undefined : extKeyUsageOf(issuer.tbs);
    if (allowed === undefined || allowed.includes(oids.anyExtendedKeyUsage)) return undefined;
    return listed((extKeyUsageOf(tbs) ?? []).filter((purpose) => !allowed.includes(purpose)).map(oidName));
  },
};
