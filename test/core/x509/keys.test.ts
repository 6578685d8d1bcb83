import { createHash, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import * as der from '../../../core/der/writer.ts';
import { nodeDigest, nodeVerifier } from '../../../core/node/crypto.ts';
import { keyAlgorithmNames, signatureAlgorithmNames } from '../../../core/ports/algorithm-names.ts';
import { fromHex, toHex } from '../../../core/ports/hex.ts';
import {
  chooseSignature,
  keyAlgorithms,
  signatureAlgorithmOf,
  signatureAlgorithms,
} from '../../../core/x509/algorithms.ts';
import { formatSerial, newSerial } from '../../../core/x509/serial.ts';
import { ecSpki, keyIdentifier, readSpki, rsaSpki } from '../../../core/x509/spki.ts';
import { testKey, testKeyAlgorithms, type TestKeyName } from '../../vectors/test-keys.ts';
import { openssl } from './openssl.ts';

const rsa = keyAlgorithms['rsa-2048'].spkiAlgorithm;
const modulus = (octets: number, last = 0x01): Uint8Array => {
  const bytes = new Uint8Array(octets).fill(0xc5);
  bytes[octets - 1] = last;
  return bytes;
};
const p256Point = readSpki(testKey('leaf').spki).publicKey;

describe('public keys', () => {
  it.each(Object.entries(testKeyAlgorithms))('%s is read as %s', (name, algorithm) => {
    const { spki } = testKey(name as TestKeyName);
    expect(readSpki(spki).algorithm).toBe(algorithm);
  });

  it('are put together as node:crypto exports them', () => {
    const ec = testKey('root');
    expect(ecSpki('ec-p384', readSpki(ec.spki).publicKey)).toEqual(ec.spki);
    const jwk = createPublicKey(testKey('rsa-leaf').privateKey).export({ format: 'jwk' });
    const spki = rsaSpki(Buffer.from(jwk.n ?? '', 'base64url'), Buffer.from(jwk.e ?? '', 'base64url'));
    expect(spki).toEqual(testKey('rsa-leaf').spki);
  });

  it.each([2048, 3072, 4096])('RSA of %i bits', (bits) => {
    expect(readSpki(rsaSpki(modulus(bits / 8), Uint8Array.of(1, 0, 1))).algorithm).toBe(`rsa-${bits}`);
  });

  it.each([
    ['RSA of 1024 bits', rsaSpki(modulus(128), Uint8Array.of(1, 0, 1))],
    ['RSA of 2047 bits', rsaSpki(Uint8Array.from([0x7f, ...modulus(255)]), Uint8Array.of(1, 0, 1))],
    ['RSA of 2056 bits', rsaSpki(modulus(257), Uint8Array.of(1, 0, 1))],
    ['RSA with exponent 3', rsaSpki(modulus(256), Uint8Array.of(3))],
    ['RSA with an even modulus', rsaSpki(modulus(256, 0x02), Uint8Array.of(1, 0, 1))],
    ['a compressed point', ecSpki('ec-p256', Uint8Array.from([0x02, ...p256Point.subarray(1, 33)]))],
    ['a hybrid point', ecSpki('ec-p256', Uint8Array.from([0x06, ...p256Point.subarray(1)]))],
    ['a P-256 point named P-384', ecSpki('ec-p384', p256Point)],
    ['RSA without NULL', key('300b06092a864886f70d010101', modulus(256))],
    ['P-256 under explicit parameters', key('300e06072a8648ce3d02013003020101', p256Point)],
    ['Ed25519', key('300506032b6570', new Uint8Array(32))],
    ['the RSASSA-PSS key type', key('300b06092a864886f70d01010a', modulus(256))],
  ])('%s is refused', (_, spki) => {
    expect(() => readSpki(spki)).toThrowError(expect.objectContaining({ code: 'x509-key-unsupported' }));
  });

  function key(identifier: string, publicKey: Uint8Array): Uint8Array {
    return der.encode(der.sequence(fromHex(identifier), der.bitString(publicKey)));
  }

  it('a negative modulus is refused', () => {
    const negative = der.sequence(der.integerContent(modulus(256)), der.integer(65_537));
    const spki = der.encode(der.sequence(rsa, der.bitString(negative)));
    expect(() => readSpki(spki)).toThrowError(expect.objectContaining({ code: 'x509-key-unsupported' }));
  });

  it('their identifier is the leftmost 160 bits of SHA-256 over the subjectPublicKey (RFC 7093 §2 method 1)', () => {
    const { spki } = testKey('leaf');
    const wanted = createHash('sha256').update(p256Point).digest().subarray(0, 20);
    expect(toHex(keyIdentifier(spki, nodeDigest))).toBe(wanted.toString('hex'));
  });
});

describe('signature algorithms', () => {
  it.each(signatureAlgorithmNames)('%s is found by its own bytes and by no others', (name) => {
    const { identifier } = signatureAlgorithms[name];
    expect(signatureAlgorithmOf(identifier)).toBe(name);
    expect(signatureAlgorithmOf(identifier.subarray(1))).toBeUndefined();
  });

  it.each(signatureAlgorithmNames)('%s: what a key signs, its verifier believes, and nothing else does', (name) => {
    const { scheme, digest } = signatureAlgorithms[name];
    const key = testKey(scheme !== 'ecdsa' ? 'rsa-leaf' : digest === 'sha384' ? 'root' : 'leaf');
    const message = Buffer.from('linted');
    const signature = key.sign(name, message);
    expect(nodeVerifier(key.spki, name, message, signature)).toBe(true);
    expect(nodeVerifier(key.spki, name, Buffer.from('other'), signature)).toBe(false);
    const others = signatureAlgorithmNames.filter((other) => other !== name);
    expect(others.filter((other) => nodeVerifier(key.spki, other, message, signature))).toEqual([]);
  });

  it('PSS bytes are those OpenSSL reads as the hash, MGF1 with it, and a salt as long', () => {
    const shown = openssl(['asn1parse', '-inform', 'DER'], signatureAlgorithms['rsa-pss-sha384'].identifier);
    expect(shown).toMatch(/:rsassaPss[\s\S]*:sha384[\s\S]*:mgf1[\s\S]*:sha384[\s\S]*INTEGER +:30/u);
  });

  it.each(keyAlgorithmNames)('%s signs with its first algorithm unless another is named', (name) => {
    const [first, ...rest] = keyAlgorithms[name].signatures;
    expect(chooseSignature(name)).toBe(first);
    expect([first, ...rest].map((wanted) => chooseSignature(name, wanted))).toEqual([first, ...rest]);
    const wrong = name.startsWith('ec') ? 'rsa-sha256' : 'ecdsa-sha256';
    expect(() => chooseSignature(name, wrong)).toThrowError(
      expect.objectContaining({ code: 'signature-algorithm-mismatch' }),
    );
  });

  it('a key that does not parse, or is off its curve, verifies nothing', () => {
    const { spki } = testKey('leaf');
    const signature = testKey('leaf').sign('ecdsa-sha256', Buffer.from('x'));
    const off = spki.map((octet, index) => (index === spki.length - 1 ? octet ^ 1 : octet));
    expect(nodeVerifier(off, 'ecdsa-sha256', Buffer.from('x'), signature)).toBe(false);
    expect(nodeVerifier(new Uint8Array(5), 'ecdsa-sha256', Buffer.from('x'), signature)).toBe(false);
  });

  it('P-521 is not among the keys there are', () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-521' });
    expect(() => readSpki(publicKey.export({ format: 'der', type: 'spki' }))).toThrowError(
      expect.objectContaining({ code: 'x509-key-unsupported' }),
    );
  });
});

describe('serial numbers', () => {
  it.each([0x00, 0xff, 0x80, 0x3f])('from octets of %i: 16 octets, positive, the second bit set', (octet) => {
    const serial = newSerial({ bytes: (length) => new Uint8Array(length).fill(octet) });
    expect(serial).toHaveLength(16);
    expect((serial[0] ?? 0) & 0xc0).toBe(0x40);
    expect(der.encode(der.unsignedInteger(serial))).toEqual(der.encode(der.integerContent(serial)));
  });

  it('is shown in small hex', () => {
    expect(formatSerial(Uint8Array.of(0x40, 0xab))).toBe('40ab');
  });
});
