import { revocationReasons } from '../../x509/extensions/crl-extensions.ts';
import { formatSerial } from '../../x509/serial.ts';
import { reasonCodeOf } from '../crl-tables.ts';
import { listed } from '../helpers.ts';
import type { CrlRule } from '../rule.ts';

export const crlNoHold: CrlRule = {
  id: 'crl-no-hold',
  clause: 'BR 7.2.2 and 4.9.13 (certificateHold: MUST NOT)',
  demand: 'No certificate is on hold: revocation is for good.',
  check: ({ tbs }) =>
    listed(
      tbs.entries
        .filter((entry) => reasonCodeOf(entry) === revocationReasons.certificateHold)
        .map(({ serial }) => formatSerial(serial)),
    ),
};
