import { oidName, oids } from '../../x509/oids.ts';
import { extKeyUsageOf, listed } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

const allowed: readonly string[] = [oids.serverAuth, oids.clientAuth];

export const leafEku: CertificateRule = {
  id: 'leaf-eku',
  clause: 'BR 7.1.2.7.10',
  demand: 'A leaf’s key purposes are serverAuth, clientAuth or both.',
  appliesTo: ['leaf'],
  check: ({ tbs }) => listed((extKeyUsageOf(tbs) ?? []).filter((purpose) => !allowed.includes(purpose)).map(oidName)),
};
