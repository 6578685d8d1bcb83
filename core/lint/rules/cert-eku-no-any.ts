import { oids } from '../../x509/oids.ts';
import { everyType, extKeyUsageOf } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const certEkuNoAny: CertificateRule = {
  id: 'cert-eku-no-any',
  clause: 'BR 7.1.2.10.6 and 7.1.2.7.10 (anyExtendedKeyUsage: MUST NOT)',
  demand: 'The key purposes do not include anyExtendedKeyUsage.',
  appliesTo: everyType,
  check: ({ tbs }) =>
    extKeyUsageOf(tbs)?.includes(oids.anyExtendedKeyUsage) === true ? 'anyExtendedKeyUsage' : undefined,
};
