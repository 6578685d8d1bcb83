import { formatSerial } from '../../x509/serial.ts';
import { listed } from '../helpers.ts';
import type { CrlRule } from '../rule.ts';

export const crlEntrySerial: CrlRule = {
  id: 'crl-entry-serial',
  clause: 'RFC 5280 §5.1.2.6 and §4.1.2.2',
  demand: 'Every entry names a serial number that a certificate can have: positive, at most 20 octets.',
  check: ({ tbs }) =>
    listed(
      tbs.entries
        .filter(({ serial }) => {
          const negative = (serial[0] ?? 0x80) >= 0x80;
          return negative || serial.length > 20 || serial.every((octet) => octet === 0);
        })
        .map(({ serial }) => formatSerial(serial.subarray(0, 32))),
    ),
};
