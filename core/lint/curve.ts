import type { KeyAlgorithmName } from '../ports/algorithm-names.ts';
import { numberOf } from './rsa-modulus.ts';

/** Prime and coefficient b of y² = x³ - 3x + b (FIPS 186-4 appendix D.1.2; NIST SP 800-186 §3.2.1). */
const curves: Readonly<Partial<Record<KeyAlgorithmName, { readonly prime: bigint; readonly b: bigint }>>> = {
  'ec-p256': {
    prime: 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n,
    b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
  },
  'ec-p384': {
    prime: 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n,
    b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
  },
};

/**
 * Whether an uncompressed point (04 ‖ X ‖ Y) lies on its curve; undefined for a key that is no point. Both curves have
 * cofactor 1, so that lying on the curve is all that full validation asks beyond a point that is not at infinity.
 */
export function isOnCurve(algorithm: KeyAlgorithmName, point: Uint8Array): boolean | undefined {
  const curve = curves[algorithm];
  if (curve === undefined) return undefined;
  const half = (point.length - 1) / 2;
  const x = numberOf(point.subarray(1, 1 + half));
  const y = numberOf(point.subarray(1 + half));
  const { prime, b } = curve;
  if (x >= prime || y >= prime) return false;
  return (y * y - (x * x * x - 3n * x + b)) % prime === 0n;
}
