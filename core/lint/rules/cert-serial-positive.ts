import { everyType } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const certSerialPositive: CertificateRule = {
  id: 'cert-serial-positive',
  clause: 'RFC 5280 §4.1.2.2',
  demand: 'The serial number is greater than zero.',
  appliesTo: everyType,
  check: ({ tbs: { serial } }) => {
    if ((serial[0] ?? 0) >= 0x80) return 'a negative serial number';
    return serial.every((octet) => octet === 0) ? 'the serial number 0' : undefined;
  },
};
