import * as fc from 'fast-check';
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import * as p11 from '../../../../core/node/pkcs11/constants.ts';
import { curveParameters } from '../../../../core/node/pkcs11/mechanisms.ts';
import { describePublicKey, ecPoint, readPublicKey } from '../../../../core/node/pkcs11/public-key.ts';
import { coded } from './coded.ts';

const curves = [
  ['ec-p256', 'P-256', 65],
  ['ec-p384', 'P-384', 97],
] as const;

function ecAttributes(curve: 'P-256' | 'P-384') {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: curve });
  const spki = publicKey.export({ format: 'der', type: 'spki' });
  const length = curve === 'P-256' ? 65 : 97;
  return { spki, point: spki.subarray(spki.length - length) };
}

function wrapped(point: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(4, point.length), point]);
}

describe('a public key on a token', () => {
  it.each(curves)('on %s is read from a raw and from a wrapped point', (algorithm, curve) => {
    const { spki, point } = ecAttributes(curve);
    const parameters = curveParameters(algorithm);
    for (const value of [Buffer.from(point), wrapped(point)]) {
      const attributes = new Map([
        [p11.CKA_EC_PARAMS, parameters],
        [p11.CKA_EC_POINT, value],
      ]);
      const key = readPublicKey(p11.CKK_EC, attributes);
      expect(key.algorithm).toBe(algorithm);
      expect(Buffer.from(key.spki).equals(spki)).toBe(true);
    }
  });

  it('a point is told by its length and not by its first octets, whatever its coordinates', () => {
    const octets = fc.uint8Array({ minLength: 64, maxLength: 64 });
    fc.assert(
      fc.property(octets, (coordinates) => {
        // 04 3f …: read as DER this would be an OCTET STRING of 63 octets.
        coordinates[0] = 0x3f;
        const point = Buffer.concat([Buffer.of(4), coordinates]);
        expect(ecPoint(point, 'ec-p256')).toEqual(point);
        expect(Buffer.from(ecPoint(wrapped(point), 'ec-p256') ?? []).equals(point)).toBe(true);
      }),
    );
  });

  it('anything that is neither form is no point, and never an exception', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), fc.constantFrom('ec-p256', 'ec-p384'), (bytes, curve) => {
        const point = ecPoint(bytes, curve);
        expect(point === undefined || (point.length === (curve === 'ec-p256' ? 65 : 97) && point[0] === 4)).toBe(true);
      }),
    );
  });

  it.each([
    ['a point of the other curve', 'ec-p256', wrapped(ecAttributes('P-384').point)],
    ['a point with a trailing octet', 'ec-p256', Buffer.concat([wrapped(ecAttributes('P-256').point), Buffer.of(0)])],
    ['a point off the curve', 'ec-p256', wrapped(Buffer.concat([Buffer.of(4), Buffer.alloc(64, 1)]))],
    ['the point at infinity', 'ec-p256', wrapped(Buffer.of(0))],
    ['no point', 'ec-p384', Buffer.of()],
  ] as const)('%s is refused, and in an inventory left out', (_, algorithm, point) => {
    const attributes = new Map([
      [p11.CKA_EC_PARAMS, curveParameters(algorithm)],
      [p11.CKA_EC_POINT, point],
    ]);
    expect(() => readPublicKey(p11.CKK_EC, attributes)).toThrowError(coded('token-public-key-invalid'));
    expect(describePublicKey(p11.CKK_EC, attributes)).toEqual({});
  });

  it('a curve we do not use is refused, however it is given', () => {
    const { point } = ecAttributes('P-256');
    for (const parameters of ['06052b8104000a', '130a70726d65323536763100', '30030201010500', '']) {
      const attributes = new Map([
        [p11.CKA_EC_PARAMS, Buffer.from(parameters, 'hex')],
        [p11.CKA_EC_POINT, wrapped(point)],
      ]);
      expect(() => readPublicKey(p11.CKK_EC, attributes)).toThrowError(coded('token-public-key-invalid'));
    }
  });

  it.each([
    [2048, 65537, true],
    [2048, 3, false],
    [1024, 65537, false],
    [2056, 65537, false],
  ])('an RSA key of %i bits with exponent %i is accepted: %s', (modulusLength, publicExponent, accepted) => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength, publicExponent });
    const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
    const attributes = new Map([
      // Some tokens put a zero octet in front.
      [p11.CKA_MODULUS, Buffer.concat([Buffer.of(0), Buffer.from(n, 'base64url')])],
      [p11.CKA_PUBLIC_EXPONENT, Buffer.from(e, 'base64url')],
    ]);
    const described = describePublicKey(p11.CKK_RSA, attributes);
    expect(described.algorithm).toBe(accepted ? 'rsa-2048' : undefined);
    expect(Buffer.from(described.spki ?? []).equals(publicKey.export({ format: 'der', type: 'spki' }))).toBe(accepted);
  });
});
