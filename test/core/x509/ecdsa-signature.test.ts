import { sign, verify } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../../core/ports/hex.ts';
import { ecdsaDerToRaw, ecdsaRawToDer } from '../../../core/x509/ecdsa-signature.ts';
import { testKey } from '../../vectors/test-keys.ts';

describe('ECDSA signatures, raw and DER', () => {
  it.each([
    ['small values', '00010002', '3006020101020102'],
    ['a high bit, which wants a zero octet', '80018002', '300a02030080010203008002'],
    ['leading zero octets, which must go', '000000ff', '3007020100020200ff'],
    ['zeros before a high bit', '00800080', '30080202008002020080'],
    ['all zero', '00000000', '3006020100020100'],
  ])('%s', (_, raw, der) => {
    expect(toHex(ecdsaRawToDer(fromHex(raw)))).toBe(der);
    expect(toHex(ecdsaDerToRaw(fromHex(der), 2))).toBe(raw);
  });

  it.each([32, 48, 66])('%i octets a half: there and back', (half) => {
    const raw = fc.uint8Array({ minLength: half * 2, maxLength: half * 2 });
    const zeros = fc.tuple(raw, fc.nat(half), fc.nat(half)).map(([bytes, r, s]) => {
      const copy = Uint8Array.from(bytes);
      copy.fill(0, 0, r);
      copy.fill(0, half, half + s);
      return copy;
    });
    fc.assert(
      fc.property(zeros, (bytes) => {
        expect(ecdsaDerToRaw(ecdsaRawToDer(bytes), half)).toEqual(bytes);
      }),
    );
  });

  it.each([
    ['issuing', 32, 'sha256'],
    ['root', 48, 'sha384'],
  ] as const)('what node:crypto signs in either form with the key %s, it verifies in the other', (name, half, hash) => {
    const key = testKey(name).privateKey;
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (message) => {
        const der = sign(hash, message, { key, dsaEncoding: 'der' });
        const raw = sign(hash, message, { key, dsaEncoding: 'ieee-p1363' });
        expect(verify(hash, message, { key, dsaEncoding: 'ieee-p1363' }, ecdsaDerToRaw(der, half))).toBe(true);
        expect(verify(hash, message, { key, dsaEncoding: 'der' }, ecdsaRawToDer(raw))).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it.each([0, 1, 63, 134])('a raw signature of %i octets is refused', (length) => {
    expect(() => ecdsaRawToDer(new Uint8Array(length))).toThrowError(
      expect.objectContaining({ code: 'x509-ecdsa-raw' }),
    );
  });

  it.each([
    ['a negative value', '3006020181020101', 'x509-ecdsa-der'],
    ['a value of too many octets', '30080203010000020101', 'x509-ecdsa-der'],
    ['a padded value', '300702020001020101', 'der-integer-malformed'],
    ['one value', '3003020101', 'der-truncated'],
    ['three values', '3009020101020101020101', 'der-trailing-bytes'],
    ['bytes behind it', '300602010102010100', 'der-trailing-bytes'],
  ])('%s is refused', (_, der, code) => {
    expect(() => ecdsaDerToRaw(fromHex(der), 2)).toThrowError(expect.objectContaining({ code }));
  });
});
