import 'reflect-metadata';
import { Pkcs10CertificateRequest } from '@peculiar/x509';
import { describe, expect, it } from 'vitest';
import { contextConstructedTag } from '../../../core/der/tags.ts';
import * as der from '../../../core/der/writer.ts';
import { nodeVerifier } from '../../../core/node/crypto.ts';
import { fromHex } from '../../../core/ports/hex.ts';
import type { SignatureAlgorithmName } from '../../../core/ports/algorithm-names.ts';
import { assembleSigned } from '../../../core/x509/certificate.ts';
import { encodeCsrInfo, readCsr } from '../../../core/x509/csr.ts';
import { encodeExtension } from '../../../core/x509/extensions/extension.ts';
import { readSubjectAltName, subjectAltName } from '../../../core/x509/extensions/subject-alt-name.ts';
import { encodeName, formatName } from '../../../core/x509/name.ts';
import { oids } from '../../../core/x509/oids.ts';
import { readPem } from '../../../core/x509/pem.ts';
import { dns } from '../../vectors/lint-world.ts';
import { testKey, type TestKeyName } from '../../vectors/test-keys.ts';
import { openssl, withFiles } from './openssl.ts';

const subject = encodeName({ CN: 'www.example.com' });
const san = subjectAltName([dns('www.example.com'), dns('example.com')], false);

function make(
  key: TestKeyName,
  algorithm: SignatureAlgorithmName,
  info = encodeCsrInfo({ subject, spki: testKey(key).spki, extensions: [san] }),
): Uint8Array {
  return assembleSigned(info, algorithm, testKey(key).sign(algorithm, info));
}

/** A CertificationRequestInfo with attributes as they stand. */
function withAttributes(...attributes: readonly der.Der[]): Uint8Array {
  const set = der.element(contextConstructedTag(0), ...attributes);
  return der.encode(der.sequence(der.integer(0), subject, testKey('leaf').spki, set));
}

const attribute = (type: string, ...values: readonly der.Der[]): der.Der =>
  der.sequence(der.oid(type), der.setOf(values));
const extensionRequest = attribute(oids.extensionRequest, der.sequence(encodeExtension(san)));

describe('a CSR with proof of possession is read', () => {
  it.each([
    ['leaf', 'ecdsa-sha256'],
    ['root', 'ecdsa-sha384'],
    ['root', 'ecdsa-sha256'],
    ['rsa-leaf', 'rsa-sha256'],
    ['rsa-leaf', 'rsa-sha512'],
    ['rsa-leaf', 'rsa-pss-sha384'],
  ] as const)('of the key %s, signed with %s', (key, algorithm) => {
    const csr = readCsr(make(key, algorithm), nodeVerifier);
    expect(csr).toMatchObject({ subject, spki: testKey(key).spki, signatureAlgorithm: algorithm, extensions: [san] });
  });

  it('@peculiar/x509 reads it too, and believes it', async () => {
    const theirs = new Pkcs10CertificateRequest(make('leaf', 'ecdsa-sha256'));
    expect(await theirs.verify()).toBe(true);
    expect(theirs.subject).toBe('CN=www.example.com');
    expect(theirs.extensions.map(({ type }) => type)).toEqual([oids.subjectAltName]);
  });

  it('OpenSSL verifies it', () => {
    const text = openssl(['req', '-inform', 'DER', '-noout', '-verify', '-text'], make('leaf', 'ecdsa-sha256'));
    expect(text).toMatch(/DNS:www\.example\.com, DNS:example\.com/u);
  });

  it.each([
    ['EC', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'], 'ec'],
    ['RSA', ['-newkey', 'rsa:2048'], 'rsa'],
  ])('one that OpenSSL made, %s', (_, key, kind) => {
    const pem = withFiles({}, (folder) =>
      openssl([
        'req',
        '-new',
        ...key,
        '-nodes',
        '-keyout',
        `${folder}/key.pem`,
        '-subj',
        '/C=US/O=Example Corp/CN=www.example.com',
        '-addext',
        'subjectAltName=DNS:www.example.com,IP:10.0.0.1',
      ]),
    );
    const csr = readCsr(readPem(pem)[0]?.bytes ?? new Uint8Array(), nodeVerifier);
    expect(formatName(csr.subject)).toBe('C=US, O=Example Corp, CN=www.example.com');
    expect(csr.signatureAlgorithm.startsWith(kind)).toBe(true);
    const names = csr.extensions.map(({ value }) => readSubjectAltName(value));
    expect(names).toEqual([[dns('www.example.com'), { kind: 'ip', value: Uint8Array.of(10, 0, 0, 1) }]]);
  });

  it.each([
    ['no extensions asked for', encodeCsrInfo({ subject, spki: testKey('leaf').spki, extensions: [] }), 0],
    ['an empty list of extensions', withAttributes(attribute(oids.extensionRequest, der.sequence())), 0],
    [
      'a challenge password beside them',
      withAttributes(attribute(oids.challengePassword, der.utf8String('x')), extensionRequest),
      1,
    ],
    ['attributes left out altogether', der.encode(der.sequence(der.integer(0), subject, testKey('leaf').spki)), 0],
  ])('%s', (_, info, extensions) => {
    expect(readCsr(make('leaf', 'ecdsa-sha256', info), nodeVerifier).extensions).toHaveLength(extensions);
  });
});

describe('any other CSR is refused', () => {
  const info = encodeCsrInfo({ subject, spki: testKey('leaf').spki, extensions: [san] });
  const version2 = der.encode(
    der.sequence(der.integer(1), subject, testKey('leaf').spki, der.element(contextConstructedTag(0))),
  );

  it.each([
    ['signed with another key', make('issuing', 'ecdsa-sha256', info), 'x509-csr-signature'],
    ['signed with a key of another kind', make('rsa-leaf', 'rsa-sha256', info), 'x509-csr-signature'],
    [
      'with the signature of other contents',
      assembleSigned(info, 'ecdsa-sha256', testKey('leaf').sign('ecdsa-sha256', subject)),
      'x509-csr-signature',
    ],
    [
      'with a signature that is no signature',
      assembleSigned(info, 'ecdsa-sha256', new Uint8Array(8)),
      'x509-csr-signature',
    ],
    ['of version 2', make('leaf', 'ecdsa-sha256', version2), 'x509-csr-version'],
    [
      'that asks for extensions twice',
      make('leaf', 'ecdsa-sha256', withAttributes(extensionRequest, extensionRequest)),
      'x509-csr-attribute',
    ],
    [
      'with two lists in one request',
      make(
        'leaf',
        'ecdsa-sha256',
        withAttributes(
          attribute(oids.extensionRequest, der.sequence(encodeExtension(san)), der.sequence(encodeExtension(san))),
        ),
      ),
      'der-trailing-bytes',
    ],
    ['larger than 16 KiB', assembleSigned(info, 'ecdsa-sha256', new Uint8Array(16_384)), 'der-too-long'],
    ['with bytes behind it', Uint8Array.from([...make('leaf', 'ecdsa-sha256'), 0]), 'der-trailing-bytes'],
  ])('%s', (_, csr, code) => {
    expect(() => readCsr(csr, nodeVerifier)).toThrowError(expect.objectContaining({ code }));
  });

  it('for a key of a kind that is not allowed', () => {
    const pem = withFiles({}, (folder) =>
      openssl([
        'req',
        '-new',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:secp521r1',
        '-nodes',
        '-keyout',
        `${folder}/key.pem`,
        '-subj',
        '/CN=a',
        '-sha256',
      ]),
    );
    expect(() => readCsr(readPem(pem)[0]?.bytes ?? new Uint8Array(), nodeVerifier)).toThrowError(
      expect.objectContaining({ code: 'x509-key-unsupported' }),
    );
  });

  it('signed with SHA-1', () => {
    const sha1 = fromHex('300d06092a864886f70d0101050500');
    const csr = der.encode(der.sequence(info, sha1, der.bitString(new Uint8Array(256))));
    expect(() => readCsr(csr, nodeVerifier)).toThrowError(
      expect.objectContaining({ code: 'x509-signature-algorithm' }),
    );
  });
});
