import { everyType } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const certSerial64Bits: CertificateRule = {
  id: 'cert-serial-64-bits',
  clause: 'BR 7.1 (at least 64 bits from a CSPRNG)',
  demand: 'The serial number is long enough to hold 64 random bits.',
  appliesTo: everyType,
  check: ({ tbs: { serial } }) => {
    const octets = serial.length - (serial[0] === 0 ? 1 : 0);
    return octets >= 8 ? undefined : `${octets} octets`;
  },
};
