import { DerReader } from '../der/reader.ts';
import * as der from '../der/writer.ts';
import { x509Error } from './x509-error.ts';

/**
 * DER Ecdsa-Sig-Value (RFC 5480, RFC 3279 §2.2.3) from the raw r ‖ s that PKCS#11 and JOSE use. Both halves may have
 * leading zero octets or a set high bit; the INTEGERs come out in shortest form all the same.
 */
export function ecdsaRawToDer(raw: Uint8Array): Uint8Array {
  if (raw.length === 0 || raw.length % 2 !== 0 || raw.length > 132) {
    throw x509Error('x509-ecdsa-raw', 'A raw ECDSA signature has an impossible length.', 'Suspect the token: stop.');
  }
  const half = raw.length / 2;
  const r = der.unsignedInteger(raw.subarray(0, half));
  const s = der.unsignedInteger(raw.subarray(half));
  return der.encode(der.sequence(r, s));
}

/** Raw r ‖ s, each padded to `coordinateBytes`, from a DER Ecdsa-Sig-Value. */
export function ecdsaDerToRaw(signature: Uint8Array, coordinateBytes: number): Uint8Array {
  const outer = DerReader.over(signature, 160);
  const reader = outer.enter();
  outer.end();
  const raw = new Uint8Array(coordinateBytes * 2);
  for (let half = 1; half <= 2; half += 1) {
    const content = reader.integer();
    const digits = content[0] === 0 ? content.subarray(1) : content;
    if ((content[0] ?? 0x80) >= 0x80 || digits.length > coordinateBytes) {
      throw x509Error('x509-ecdsa-der', 'An ECDSA signature has a value out of range.', 'Sign again.');
    }
    raw.set(digits, half * coordinateBytes - digits.length);
  }
  reader.end();
  return raw;
}
