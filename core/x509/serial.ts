import type { Entropy } from '../ports/entropy.ts';
import { toHex } from '../ports/hex.ts';

/**
 * A fresh serial number as INTEGER content octets: 16 octets, 126 bits of them random (BR 7.1: at least 64), positive,
 * below 2^127 and so below 2^159 and 20 octets (RFC 5280 §4.1.2.2). The second bit is always set: every serial has the
 * same length, and nothing can go wrong by a leading zero.
 */
export function newSerial(entropy: Entropy): Uint8Array {
  const serial = Uint8Array.from(entropy.bytes(16));
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  return serial;
}

/** A serial for people: lower-case hex of the content octets. */
export function formatSerial(serial: Uint8Array): string {
  return toHex(serial);
}
