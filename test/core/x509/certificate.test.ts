import 'reflect-metadata';
import { X509Certificate as NodeCertificate } from 'node:crypto';
import { X509Certificate, type Extension as PeculiarExtension } from '@peculiar/x509';
import { describe, expect, it } from 'vitest';
import * as der from '../../../core/der/writer.ts';
import { nodeVerifier } from '../../../core/node/crypto.ts';
import { isCoded } from '../../../core/ports/coded-error.ts';
import { fromHex, toHex } from '../../../core/ports/hex.ts';
import { signatureAlgorithms } from '../../../core/x509/algorithms.ts';
import {
  assembleSigned,
  encodeTbsCertificate,
  extensionOf,
  readCertificate,
  readSigned,
  readTbsCertificate,
} from '../../../core/x509/certificate.ts';
import { keyUsage } from '../../../core/x509/extensions/key-usage.ts';
import { encodeName, formatName } from '../../../core/x509/name.ts';
import { oids } from '../../../core/x509/oids.ts';
import { toPem } from '../../../core/x509/pem.ts';
import { dns, encodeParts, ip, makeCertificate, signTbs, utc, world } from '../../vectors/lint-world.ts';
import { testKey } from '../../vectors/test-keys.ts';
import { openssl } from './openssl.ts';

const names = ['root', 'rsa-root', 'issuing', 'signer', 'leaf'] as const;
const made = names.map((name) => ({ name, ...makeCertificate(name) }));

describe('a certificate is read as it was written', () => {
  it('every field of the contents', () => {
    const contents = {
      serial: fromHex('4011223344556677'),
      signatureAlgorithm: 'ecdsa-sha256',
      issuer: encodeName({ CN: 'Issuer' }),
      notBefore: utc('2026-11-22'),
      notAfter: utc('2050-01-01'),
      subject: encodeName({ CN: 'Subject' }),
      spki: testKey('leaf').spki,
      extensions: [keyUsage(['digitalSignature'])],
    } as const;
    const { signatureAlgorithm, ...fields } = contents;
    expect(readTbsCertificate(encodeTbsCertificate(contents))).toMatchObject({
      ...fields,
      version: 3,
      uniqueIdentifiers: false,
      signatureIdentifier: signatureAlgorithms[signatureAlgorithm].identifier,
    });
  });

  it.each(made)('$name: its parts are views of one input, and put together again are the same', ({ certificate }) => {
    const { tbs, signature, signatureAlgorithm } = readCertificate(certificate);
    expect(assembleSigned(tbs.raw, signatureAlgorithm, signature)).toEqual(certificate);
  });

  it('an extension that is not there is undefined', () => {
    const { tbs } = readCertificate(made[0]?.certificate ?? new Uint8Array());
    expect(extensionOf(tbs, oids.extKeyUsage)).toBeUndefined();
    expect(extensionOf(tbs, oids.keyUsage)?.critical).toBe(true);
  });
});

describe('@peculiar/x509 and node:crypto say the same of it', () => {
  it.each(made)('$name', ({ certificate }) => {
    const { tbs } = readCertificate(certificate);
    const peculiar = new X509Certificate(certificate);
    const seconds = (date: Date): number => date.getTime() / 1000;
    const theirs = peculiar.extensions.map((extension: PeculiarExtension) => ({
      oid: extension.type,
      critical: extension.critical,
      value: toHex(new Uint8Array(extension.value)),
    }));
    expect({
      serial: peculiar.serialNumber,
      issuer: toHex(new Uint8Array(peculiar.issuerName.toArrayBuffer())),
      subject: toHex(new Uint8Array(peculiar.subjectName.toArrayBuffer())),
      spki: toHex(new Uint8Array(peculiar.publicKey.rawData)),
      dates: [seconds(peculiar.notBefore), seconds(peculiar.notAfter)],
      extensions: theirs,
    }).toEqual({
      serial: toHex(tbs.serial),
      issuer: toHex(tbs.issuer),
      subject: toHex(tbs.subject),
      spki: toHex(tbs.spki),
      dates: [tbs.notBefore, tbs.notAfter],
      extensions: tbs.extensions.map((extension) => ({ ...extension, value: toHex(extension.value) })),
    });
    const node = new NodeCertificate(certificate);
    expect([node.serialNumber.toLowerCase(), node.validToDate.getTime() / 1000]).toEqual([
      toHex(tbs.serial),
      tbs.notAfter,
    ]);
  });
});

describe('OpenSSL shows what the profile says', () => {
  const show = (certificate: Uint8Array): string =>
    openssl(
      ['x509', '-noout', '-text', '-nameopt', 'sep_comma_plus', '-certopt', 'no_pubkey,no_sigdump'],
      toPem('CERTIFICATE', certificate),
    );

  it('a root', () => {
    const text = show(makeCertificate('root').certificate);
    expect(text).toMatch(/Version: 3 \(0x2\)/u);
    expect(text).toMatch(/Signature Algorithm: ecdsa-with-SHA384/u);
    expect(text).toMatch(/Subject: C=US,O=Example Corp,CN=Example Corp Root R1/u);
    expect(text).toMatch(/X509v3 Basic Constraints: critical\s+CA:TRUE\n/u);
    expect(text).toMatch(/X509v3 Key Usage: critical\s+Certificate Sign, CRL Sign/u);
    expect(text).not.toMatch(/Extended Key Usage/u);
  });

  it('an intermediate', () => {
    const text = show(makeCertificate('issuing').certificate);
    expect(text).toMatch(/CA:TRUE, pathlen:0/u);
    expect(text).toMatch(/X509v3 Extended Key Usage: \s+TLS Web Server Authentication, TLS Web Client Authentication/u);
    expect(text).toMatch(/Full Name:\s+URI:http:\/\/pki\.example\.com\/r1\.crl/u);
    expect(text).toMatch(/CA Issuers - URI:http:\/\/pki\.example\.com\/r1\.cer/u);
  });

  it('a leaf with names of every kind and an empty subject', () => {
    const addresses = [ip('0a000001'), ip(`20010db8${'0'.repeat(23)}1`)];
    const text = show(makeCertificate('leaf', { names: [...addresses] }).certificate);
    expect(text).toMatch(
      /X509v3 Subject Alternative Name: critical\s+IP Address:10\.0\.0\.1, IP Address:2001:DB8:0:0:0:0:0:1/u,
    );
    const named = show(makeCertificate('leaf', { names: [dns('*.example.com'), ...addresses] }).certificate);
    expect(named).toMatch(/Subject: CN=\*\.example\.com\n/u);
    expect(named).toMatch(/X509v3 Subject Alternative Name: \s+DNS:\*\.example\.com, IP Address/u);
  });
});

describe('certificates that are put together wrongly are refused', () => {
  const { certificate, parts, tbs } = makeCertificate('leaf');
  const issuerKey = testKey('issuing');
  const outer = (...elements: readonly der.Der[]): Uint8Array => der.encode(der.sequence(...elements));
  const signature = der.bitString(new Uint8Array(70));
  const sha384 = signatureAlgorithms['ecdsa-sha384'].identifier;

  it.each([
    ['bytes behind it', Uint8Array.from([...certificate, 0]), 'der-trailing-bytes'],
    ['a fourth element', outer(tbs, parts.algorithm, signature, der.nullValue()), 'der-trailing-bytes'],
    ['no signature', outer(tbs, parts.algorithm), 'der-truncated'],
    ['a signature of part of an octet', outer(tbs, parts.algorithm, fromHex('03020780')), 'der-bit-string-malformed'],
    ['another algorithm outside than inside', outer(tbs, sha384, signature), 'x509-signature-algorithm-differs'],
    ['SHA-1', outer(tbs, fromHex('300d06092a864886f70d0101050500'), signature), 'x509-signature-algorithm'],
    ['ECDSA with a NULL', outer(tbs, fromHex('300c06082a8648ce3d0403020500'), signature), 'x509-signature-algorithm'],
    ['RSA without its NULL', outer(tbs, fromHex('300b06092a864886f70d01010b'), signature), 'x509-signature-algorithm'],
    [
      'PSS with the parameters left out',
      outer(tbs, fromHex('300b06092a864886f70d01010a'), signature),
      'x509-signature-algorithm',
    ],
    [
      'version 4',
      signTbs(encodeParts({ ...parts, version: [der.explicit(0, der.integer(3))] }), parts.algorithm, issuerKey),
      'der-integer-out-of-range',
    ],
    [
      'a fourth field behind the extensions',
      outer(outer(...contentOf(tbs), der.nullValue()), parts.algorithm, signature),
      'der-trailing-bytes',
    ],
    [
      'a certificate larger than 64 KiB',
      outer(tbs, parts.algorithm, der.bitString(new Uint8Array(65_536))),
      'der-too-long',
    ],
  ])('%s', (_, bytes, code) => {
    expect(() => readCertificate(bytes)).toThrowError(expect.objectContaining({ code }));
  });

  function contentOf(sequence: Uint8Array): readonly Uint8Array[] {
    // The elements of a SEQUENCE with a length of two octets.
    return [sequence.subarray(4)];
  }

  it('unique identifiers are noticed, for lint to refuse', () => {
    const with_ = encodeParts({ ...parts, uniqueIdentifiers: [der.implicit(2, Uint8Array.of(0, 1))] });
    expect(readTbsCertificate(with_).uniqueIdentifiers).toBe(true);
  });
});

describe('one changed bit anywhere', () => {
  it('is refused, or the signature no longer verifies', () => {
    const { certificate } = makeCertificate('leaf');
    const { spki } = world().leaf;
    let verified = 0;
    for (let bit = 0; bit < certificate.length * 8; bit += 7) {
      const changed = Uint8Array.from(certificate);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      try {
        const { tbs, signatureAlgorithm, signature } = readSigned(changed, 65_536);
        if (nodeVerifier(spki, signatureAlgorithm, tbs, signature)) verified += 1;
      } catch (error) {
        if (!isCoded(error)) throw error;
      }
    }
    expect(verified).toBe(0);
  });
});

describe('names of an issuer', () => {
  it('are shown as they are in the certificate', () => {
    const { tbs } = readCertificate(makeCertificate('issuing').certificate);
    expect(formatName(tbs.issuer)).toBe('C=US, O=Example Corp, CN=Example Corp Root R1');
  });
});
