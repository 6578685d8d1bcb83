import { oidName, oids } from '../../x509/oids.ts';
import { extKeyUsageOf, listed } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

const apart: readonly string[] = [oids.codeSigning, oids.emailProtection, oids.timeStamping, oids.ocspSigning];

export const intermediateEkuSeparate: CertificateRule = {
  id: 'intermediate-eku-separate',
  clause: 'BR 7.1.2.10.6 (with id-kp-serverAuth: MUST NOT)',
  demand: 'An intermediate for TLS servers is not also for mail, code, time stamps or OCSP.',
  appliesTo: ['intermediate'],
  check: ({ tbs }) => {
    const purposes = extKeyUsageOf(tbs) ?? [];
    if (!purposes.includes(oids.serverAuth)) return undefined;
    return listed(purposes.filter((purpose) => apart.includes(purpose)).map(oidName));
  },
};
