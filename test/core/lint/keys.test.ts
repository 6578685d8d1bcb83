import { generateKeyPairSync } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOnCurve } from '../../../core/lint/curve.ts';
import {
  hasClosePrimes,
  hasRocaFingerprint,
  numberOf,
  rsaModulusOf,
  smallFactorOf,
} from '../../../core/lint/rsa-modulus.ts';
import { readSpki } from '../../../core/x509/spki.ts';
import { testKey } from '../../vectors/test-keys.ts';
import { closePrimesKey, rocaKey, smallFactorKey } from '../../vectors/weak-keys.ts';

const modulusOf = (spki: Uint8Array): bigint => rsaModulusOf(spki) ?? 0n;
const sound = modulusOf(testKey('rsa-leaf').spki);

describe('RSA moduli', () => {
  it.each([2, 3, 5, 751])('%i divides a modulus: found', (prime) => {
    expect(smallFactorOf(sound * BigInt(prime))).toBe(prime);
  });

  it('757, the first prime that BR does not ask about, is not looked for', () => {
    expect(smallFactorOf(757n * 1_000_003n)).toBeUndefined();
  });

  it('each weak key has its weakness and none of the others', () => {
    const weaknesses = [smallFactorKey(), closePrimesKey(), rocaKey(), testKey('rsa-leaf').spki].map((spki) => {
      const modulus = modulusOf(spki);
      return [smallFactorOf(modulus), hasClosePrimes(modulus, 100), hasRocaFingerprint(modulus)];
    });
    expect(weaknesses).toEqual([
      [751, false, false],
      [undefined, true, false],
      [undefined, false, true],
      [undefined, false, false],
    ]);
  });

  it('Fermat’s method finds any two factors close enough to their middle, and stops after its rounds', () => {
    const property = fc.property(
      fc.bigInt({ min: 2n ** 200n, max: 2n ** 220n }),
      fc.integer({ min: 1, max: 1000 }),
      (middle, half) => {
        const distance = BigInt(half);
        expect(hasClosePrimes((middle - distance) * (middle + distance), 1)).toBe(true);
      },
    );
    fc.assert(property, { numRuns: 100 });
    const far = 2n ** 200n;
    expect(hasClosePrimes(far * (far + 2n ** 140n), 100)).toBe(false);
  });
});

describe('EC points', () => {
  it.each(['P-256', 'P-384'])('every key that OpenSSL generates on %s lies on it', (namedCurve) => {
    for (let count = 0; count < 10; count += 1) {
      const { publicKey } = generateKeyPairSync('ec', { namedCurve });
      const key = readSpki(publicKey.export({ format: 'der', type: 'spki' }));
      expect(isOnCurve(key.algorithm, key.publicKey)).toBe(true);
    }
  });

  it.each(['root', 'issuing'] as const)('the key %s with any one bit changed is off its curve', (name) => {
    const key = readSpki(testKey(name).spki);
    const bits = fc.integer({ min: 8, max: key.publicKey.length * 8 - 1 });
    fc.assert(
      fc.property(bits, (bit) => {
        const point = Uint8Array.from(key.publicKey);
        point[bit >> 3] = (point[bit >> 3] ?? 0) ^ (0x80 >> (bit & 7));
        expect(isOnCurve(key.algorithm, point)).toBe(false);
      }),
    );
  });

  it('a coordinate that is not reduced is off the curve, though congruent', () => {
    const key = readSpki(testKey('issuing').spki);
    const prime = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
    // Only an x below 2^256 - p has a second form in 32 octets; the sum no longer fits, so it is written in 33.
    const x = numberOf(key.publicKey.subarray(1, 33)) + prime;
    const y = numberOf(key.publicKey.subarray(33));
    const octets = (value: bigint): Uint8Array => Buffer.from(value.toString(16).padStart(66, '0'), 'hex');
    expect(isOnCurve('ec-p256', Buffer.concat([Uint8Array.of(4), octets(x), octets(y)]))).toBe(false);
  });
});
