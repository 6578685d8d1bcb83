import { oidName } from '../../x509/oids.ts';
import { everyType, extKeyUsageOf, listed, repeated } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const certEkuNoRepeats: CertificateRule = {
  id: 'cert-eku-no-repeats',
  clause: 'RFC 5280 §4.2.1.12; Coldroot profile table',
  demand: 'No key purpose is named twice.',
  appliesTo: everyType,
  check: ({ tbs }) => listed(repeated(extKeyUsageOf(tbs) ?? []).map(oidName)),
};
