import { equalBytes } from '../ports/bytes.ts';
import type { Digest } from '../ports/digest.ts';
import type { KeyAlgorithmName } from '../ports/algorithm-names.ts';
import { DerReader } from '../der/reader.ts';
import * as der from '../der/writer.ts';
import { keyAlgorithms } from './algorithms.ts';
import { x509Error } from './x509-error.ts';

/** A SubjectPublicKeyInfo as read: which of our algorithms it is, and the bits of the subjectPublicKey. */
export interface PublicKeyInfo {
  readonly algorithm: KeyAlgorithmName;
  readonly publicKey: Uint8Array;
}

const curveNames = { 65: 'ec-p256', 97: 'ec-p384' } as const;

/** Reads a SubjectPublicKeyInfo (RFC 5280 §4.1.2.7). Only named curves, uncompressed points and e = 65537 pass. */
export function readSpki(raw: Uint8Array): PublicKeyInfo {
  const outer = DerReader.over(raw, 4096);
  const reader = outer.enter();
  outer.end();
  const identifier = reader.element().raw;
  const publicKey = reader.bitStringOctets();
  reader.end();
  const algorithm = equalBytes(identifier, keyAlgorithms['rsa-2048'].spkiAlgorithm)
    ? rsaAlgorithmOf(publicKey)
    : ecAlgorithmOf(identifier, publicKey);
  if (algorithm === undefined) {
    throw x509Error(
      'x509-key-unsupported',
      'The public key is of a type, size or encoding that is not allowed here.',
      `Use one of: ${Object.keys(keyAlgorithms).join(', ')} (named curve, uncompressed point, exponent 65537).`,
    );
  }
  return { algorithm, publicKey };
}

function ecAlgorithmOf(identifier: Uint8Array, point: Uint8Array): KeyAlgorithmName | undefined {
  const name = point.length === 65 ? curveNames[65] : point.length === 97 ? curveNames[97] : undefined;
  const fits = name !== undefined && point[0] === 0x04 && equalBytes(identifier, keyAlgorithms[name].spkiAlgorithm);
  return fits ? name : undefined;
}

function rsaAlgorithmOf(publicKey: Uint8Array): KeyAlgorithmName | undefined {
  const outer = DerReader.over(publicKey, 4096);
  const reader = outer.enter();
  outer.end();
  const modulus = reader.integer();
  const exponent = reader.smallInteger(0xffffffff);
  reader.end();
  // A modulus of n bits has its top bit set, so DER puts one zero octet before it.
  const bits = (modulus.length - 1) * 8;
  const odd = ((modulus[modulus.length - 1] ?? 0) & 1) === 1;
  if (exponent !== 65537 || modulus[0] !== 0 || !odd) return undefined;
  return bits === 2048 ? 'rsa-2048' : bits === 3072 ? 'rsa-3072' : bits === 4096 ? 'rsa-4096' : undefined;
}

/** SubjectPublicKeyInfo of an uncompressed EC point (04 ‖ X ‖ Y). */
export function ecSpki(algorithm: 'ec-p256' | 'ec-p384', point: Uint8Array): Uint8Array {
  return der.encode(der.sequence(keyAlgorithms[algorithm].spkiAlgorithm, der.bitString(point)));
}

/** SubjectPublicKeyInfo of an RSA key from unsigned big-endian modulus and exponent. */
export function rsaSpki(modulus: Uint8Array, exponent: Uint8Array): Uint8Array {
  const publicKey = der.sequence(der.unsignedInteger(modulus), der.unsignedInteger(exponent));
  return der.encode(der.sequence(keyAlgorithms['rsa-2048'].spkiAlgorithm, der.bitString(publicKey)));
}

/**
 * Key identifier of a public key: RFC 7093 §2 method 1, the leftmost 160 bits of the SHA-256 of the subjectPublicKey.
 * Not RFC 5280's SHA-1: BR and auditors ask for no new SHA-1 anywhere.
 */
export function keyIdentifier(spki: Uint8Array, digest: Digest): Uint8Array {
  return digest('sha256', readSpki(spki).publicKey).subarray(0, 20);
}
