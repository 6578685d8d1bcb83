import { parseIpAddress } from '../../core/x509/ip-address.ts';

/** The name below in-addr.arpa or ip6.arpa that stands for an address (RFC 8738 §6: what is sent as SNI for it). */
export function reverseName(address: string): string {
  const octets = [...(parseIpAddress(address) ?? [])];
  if (octets.length === 4) return `${octets.toReversed().join('.')}.in-addr.arpa`;
  const nibbles = octets.flatMap((octet) => [octet >> 4, octet & 15]).map((nibble) => nibble.toString(16));
  return `${nibbles.toReversed().join('.')}.ip6.arpa`;
}
