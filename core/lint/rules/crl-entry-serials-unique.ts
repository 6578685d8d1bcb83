import { formatSerial } from '../../x509/serial.ts';
import { listed, repeated } from '../helpers.ts';
import type { CrlRule } from '../rule.ts';

export const crlEntrySerialsUnique: CrlRule = {
  id: 'crl-entry-serials-unique',
  clause: 'RFC 5280 §5.1.2.6',
  demand: 'No certificate is listed twice.',
  check: ({ tbs }) => listed(repeated(tbs.entries.map(({ serial }) => formatSerial(serial)))),
};
