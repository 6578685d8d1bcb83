import { toHex } from '../../ports/hex.ts';
import { ipAddressesOf } from '../dns-name.ts';
import { listed } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const leafIpLength: CertificateRule = {
  id: 'leaf-ip-length',
  clause: 'RFC 5280 §4.2.1.6',
  demand: 'An IP address takes 4 or 16 octets.',
  appliesTo: ['leaf'],
  check: ({ tbs }) =>
    listed(
      ipAddressesOf(tbs)
        .filter(({ length }) => length !== 4 && length !== 16)
        .map((address) => toHex(address.subarray(0, 32)) || 'no octets'),
    ),
};
