import { toHex } from '../../ports/hex.ts';
import { listed, nameConstraintsOf } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

/** An address and its mask: ones, then zeros, and no bit of the address where the mask is zero. */
function isRange(octets: Uint8Array): boolean {
  if (octets.length !== 8 && octets.length !== 32) return false;
  const half = octets.length / 2;
  const bits = Array.from(octets.subarray(half), (octet) => octet.toString(2).padStart(8, '0')).join('');
  const clean = octets.subarray(0, half).every((octet, index) => (octet & ~(octets[half + index] ?? 0) & 0xff) === 0);
  return /^1*0*$/u.test(bits) && clean;
}

export const intermediateConstraintsIp: CertificateRule = {
  id: 'intermediate-constraints-ip',
  clause: 'RFC 5280 §4.2.1.10; BR 7.1.2.5.2',
  demand: 'Constraints on IP addresses are an address and a contiguous mask, with no bit set outside the mask.',
  appliesTo: ['intermediate'],
  check: ({ tbs }) => {
    const { permitted = [], excluded = [] } = nameConstraintsOf(tbs) ?? {};
    return listed(
      [...permitted, ...excluded]
        .flatMap((name) => (name.kind === 'ip' && !isRange(name.value) ? [name.value] : []))
        .map((octets) => toHex(octets.subarray(0, 32)) || 'no octets'),
    );
  },
};
