import { formatSerial } from '../../x509/serial.ts';
import { reasonOf } from '../../x509/extensions/crl-extensions.ts';
import { reasonCodeOf } from '../crl-tables.ts';
import { listed } from '../helpers.ts';
import type { CrlRule } from '../rule.ts';

export const crlReasonLegal: CrlRule = {
  id: 'crl-reason-legal',
  clause: 'RFC 5280 §5.3.1; BR 7.2.2 (reasonCode: not unspecified)',
  demand: 'A reason is one that RFC 5280 names, and neither unspecified nor removeFromCRL.',
  check: ({ tbs }) =>
    listed(
      tbs.entries.flatMap((entry) => {
        const code = reasonCodeOf(entry);
        if (code === undefined) return [];
        const reason = reasonOf(code);
        const legal = reason !== undefined && reason !== 'unspecified' && reason !== 'removeFromCRL';
        return legal ? [] : [`reason ${code} of ${formatSerial(entry.serial)}`];
      }),
    ),
};
