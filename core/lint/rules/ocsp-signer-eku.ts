import { oidName, oids } from '../../x509/oids.ts';
import { extKeyUsageOf } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const ocspSignerEku: CertificateRule = {
  id: 'ocsp-signer-eku',
  clause: 'RFC 6960 §4.2.2.2; BR 7.1.2.8.5',
  demand: 'An OCSP signer’s only key purpose is OCSPSigning.',
  appliesTo: ['ocsp-signer'],
  check: ({ tbs }) => {
    const purposes = extKeyUsageOf(tbs) ?? [];
    const only = purposes.length === 1 && purposes[0] === oids.ocspSigning;
    return only ? undefined : purposes.map(oidName).join(', ') || 'none';
  },
};
