import { everyType } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const certSerialLength: CertificateRule = {
  id: 'cert-serial-length',
  clause: 'RFC 5280 §4.1.2.2; BR 7.1.2 (serialNumber below 2^159)',
  demand: 'The serial number takes at most 20 octets.',
  appliesTo: everyType,
  check: ({ tbs }) => (tbs.serial.length <= 20 ? undefined : `${tbs.serial.length} octets`),
};
