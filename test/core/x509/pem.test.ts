import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPem, toPem } from '../../../core/x509/pem.ts';
import { cpuMilliseconds } from '../../support/cpu-time.ts';

describe('PEM (RFC 7468)', () => {
  it('64 characters a line, and read back the same', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), (bytes) => {
        const text = toPem('CERTIFICATE', bytes);
        expect(text.split('\n').every((line) => line.length <= 64)).toBe(true);
        expect(readPem(text)).toEqual([{ label: 'CERTIFICATE', bytes }]);
      }),
    );
  });

  it('several blocks, with text around them and CRLF lines', () => {
    const text = `Subject: a\n${toPem('CERTIFICATE', Uint8Array.of(1))}between\n${toPem('X509 CRL', Uint8Array.of(2))}end`;
    const blocks = [
      { label: 'CERTIFICATE', bytes: Uint8Array.of(1) },
      { label: 'X509 CRL', bytes: Uint8Array.of(2) },
    ];
    expect(readPem(text)).toEqual(blocks);
    expect(readPem(text.replaceAll('\n', '\r\n'))).toEqual(blocks);
  });

  it.each([
    ['nothing', '', 'pem-missing'],
    ['text', 'a certificate', 'pem-missing'],
    ['a block without an end', '-----BEGIN CERTIFICATE-----\nAQ==\n', 'pem-missing'],
    ['a block that ends as something else', '-----BEGIN CERTIFICATE-----\nAQ==\n-----END X509 CRL-----', 'pem-missing'],
    [
      'a block with headers',
      '-----BEGIN CERTIFICATE-----\nProc-Type: 4\n\nAQ==\n-----END CERTIFICATE-----',
      'pem-missing',
    ],
    ['a block that is not base64', '-----BEGIN CERTIFICATE-----\nAQ=\n-----END CERTIFICATE-----', 'base64-malformed'],
    ['padding in the middle', '-----BEGIN CERTIFICATE-----\nAQ==\nAQ==\n-----END CERTIFICATE-----', 'base64-malformed'],
    ['101 blocks', toPem('CERTIFICATE', Uint8Array.of(1)).repeat(101), 'pem-too-many'],
  ])('%s is refused', (_, text, code) => {
    expect(() => readPem(text)).toThrowError(expect.objectContaining({ code }));
  });

  it('a hostile text of a megabyte is read in a moment', () => {
    const begun = cpuMilliseconds();
    expect(() => readPem('-----BEGIN CERTIFICATE-----\n'.repeat(40_000))).toThrowError(
      expect.objectContaining({ code: 'pem-missing' }),
    );
    expect(() => readPem(`-----BEGIN CERTIFICATE-----\n${'A'.repeat(1_000_000)}`)).toThrowError(
      expect.objectContaining({ code: 'pem-missing' }),
    );
    expect(cpuMilliseconds() - begun).toBeLessThan(2000);
  });
});
