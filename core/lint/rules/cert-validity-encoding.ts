import { timeMisencoded } from '../time-encoding.ts';
import { everyType, listed } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const certValidityEncoding: CertificateRule = {
  id: 'cert-validity-encoding',
  clause: 'RFC 5280 §4.1.2.5',
  demand: 'Dates through 2049 are UTCTime, dates from 2050 are GeneralizedTime.',
  appliesTo: everyType,
  check: ({ tbs }) => listed(tbs.validityElements.flatMap((element) => timeMisencoded(element) ?? [])),
};
