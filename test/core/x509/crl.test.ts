import 'reflect-metadata';
import { X509Crl } from '@peculiar/x509';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as der from '../../../core/der/writer.ts';
import { fromHex, toHex } from '../../../core/ports/hex.ts';
import { crlContents } from '../../../core/profile/crl-contents.ts';
import { signatureAlgorithms } from '../../../core/x509/algorithms.ts';
import { assembleSigned, extensionOf } from '../../../core/x509/certificate.ts';
import { encodeTbsCertList, readCrl, readTbsCertList, type Revocation } from '../../../core/x509/crl.ts';
import {
  readCRLNumber,
  readReasonCode,
  reasonOf,
  revocationReasons,
  type RevocationReason,
} from '../../../core/x509/extensions/crl-extensions.ts';
import { oids } from '../../../core/x509/oids.ts';
import { toPem } from '../../../core/x509/pem.ts';
import { serialFor, utc, world } from '../../vectors/lint-world.ts';
import { openssl, withFiles } from './openssl.ts';

const issuer = world().issuing;
const dates = { thisUpdate: utc('2026-11-22'), nextUpdate: utc('2027-05-21') - 1 };

function tbsOf(revocations: readonly Revocation[], number = 7n): Uint8Array {
  return encodeTbsCertList(crlContents({ issuer, number, ...dates, revocations }));
}

function signed(tbs: Uint8Array): Uint8Array {
  return assembleSigned(tbs, 'ecdsa-sha384', issuer.key.sign('ecdsa-sha384', tbs));
}

const revoked: readonly Revocation[] = [
  { serial: serialFor('b'), revokedAt: utc('2026-10-01'), reason: 'superseded' },
  { serial: serialFor('a'), revokedAt: utc('2026-06-01'), reason: 'keyCompromise' },
  { serial: serialFor('c'), revokedAt: utc('2026-07-01'), reason: 'unspecified' },
];

describe('a CRL is read as it was written', () => {
  it('dates, issuer, number, and entries in the order of their revocation', () => {
    const { tbs } = readCrl(signed(tbsOf(revoked)));
    expect(tbs).toMatchObject({ version: 2, issuer: issuer.subject, ...dates, emptyListEncoded: false });
    expect(readCRLNumber(extensionOf(tbs, oids.cRLNumber)?.value ?? new Uint8Array())).toBe(7n);
    expect(tbs.entries.map(({ serial, revokedAt }) => [toHex(serial), revokedAt])).toEqual(
      ['a', 'c', 'b'].map((label) => [
        toHex(serialFor(label)),
        revoked.find(({ serial }) => toHex(serial) === toHex(serialFor(label)))?.revokedAt,
      ]),
    );
  });

  it('a reason of unspecified is left out (RFC 5280 §5.3.1)', () => {
    const { entries } = readTbsCertList(tbsOf(revoked));
    const reasons = entries.map((entry) => extensionOf(entry, oids.reasonCode)?.value);
    expect(reasons.map((value) => value && reasonOf(readReasonCode(value)))).toEqual([
      'keyCompromise',
      undefined,
      'superseded',
    ]);
  });

  it('without revocations the list is left out altogether (RFC 5280 §5.1.2.6)', () => {
    expect(readTbsCertList(tbsOf([]))).toMatchObject({ entries: [], emptyListEncoded: false });
  });

  it('a hundred thousand of them', () => {
    const serial = (index: number): Uint8Array => Uint8Array.of(0x40, index >> 16, (index >> 8) & 0xff, index & 0xff);
    const many = Array.from({ length: 100_000 }, (_, index) => ({
      serial: serial(index),
      revokedAt: utc('2026-10-01'),
      reason: 'superseded' as const,
    }));
    expect(readTbsCertList(tbsOf(many)).entries).toHaveLength(100_000);
  });

  it('any revocations', () => {
    const revocation = fc.record({
      serial: fc.uint8Array({ minLength: 2, maxLength: 20 }).map((bytes) => {
        bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
        return bytes;
      }),
      revokedAt: fc.integer({ min: utc('2000-01-01'), max: utc('2060-01-01') }),
      reason: fc.constantFrom(...(Object.keys(revocationReasons) as RevocationReason[])),
    });
    fc.assert(
      fc.property(
        fc.array(revocation, { maxLength: 30 }),
        fc.bigInt({ min: 1n, max: 2n ** 159n - 1n }),
        (all, number) => {
          const read = readTbsCertList(tbsOf(all, number));
          expect(read.entries.map(({ serial, revokedAt }) => ({ serial, revokedAt }))).toEqual(
            all
              .toSorted((left, right) => left.revokedAt - right.revokedAt)
              .map(({ serial, revokedAt }) => ({ serial, revokedAt })),
          );
          expect(readCRLNumber(extensionOf(read, oids.cRLNumber)?.value ?? new Uint8Array())).toBe(number);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('others say the same of it', () => {
  const crl = signed(tbsOf(revoked));

  it('@peculiar/x509: dates, serials and reasons', () => {
    const theirs = new X509Crl(crl);
    expect(theirs.thisUpdate.getTime() / 1000).toBe(dates.thisUpdate);
    expect((theirs.nextUpdate?.getTime() ?? 0) / 1000).toBe(dates.nextUpdate);
    expect(theirs.entries.map(({ serialNumber, reason }) => [serialNumber, reason])).toEqual([
      [toHex(serialFor('a')), 1],
      [toHex(serialFor('c')), undefined],
      [toHex(serialFor('b')), 4],
    ]);
  });

  it('OpenSSL: number and signature', () => {
    const text = openssl(['crl', '-noout', '-text'], toPem('X509 CRL', crl));
    expect(text).toMatch(/Version 2 \(0x1\)/u);
    expect(text).toMatch(/X509v3 CRL Number: \s+7\n/u);
    const verdict = withFiles(
      { 'root.pem': toPem('CERTIFICATE', issuer.certificate), 'r1.crl': toPem('X509 CRL', crl) },
      (folder) => openssl(['crl', '-in', `${folder}/r1.crl`, '-CAfile', `${folder}/root.pem`, '-noout', '-crlnumber']),
    );
    expect(verdict).toMatch(/crlNumber=0x07/iu);
  });
});

describe('CRLs that are put together wrongly are refused', () => {
  const algorithm = signatureAlgorithms['ecdsa-sha384'].identifier;
  const entry = der.sequence(der.integer(5), der.time(utc('2026-06-01')), der.sequence());
  const head = [der.integer(1), algorithm, issuer.subject, der.time(dates.thisUpdate), der.time(dates.nextUpdate)];
  const tbs = (...rest: readonly der.Der[]): Uint8Array => der.encode(der.sequence(...head, ...rest));

  it.each([
    ['an entry with an empty list of extensions', tbs(der.sequence(entry)), 'der-empty-list'],
    ['an empty list of extensions', tbs(der.explicit(0, der.sequence())), 'der-empty-list'],
    ['three dates', tbs(der.time(dates.nextUpdate)), 'der-trailing-bytes'],
    ['extensions that are not tagged', tbs(der.sequence(), der.sequence()), 'der-trailing-bytes'],
    ['version 3', der.encode(der.sequence(der.integer(2), ...head.slice(1))), 'der-integer-out-of-range'],
  ])('%s', (_, bytes, code) => {
    expect(() => readTbsCertList(bytes)).toThrowError(expect.objectContaining({ code }));
  });

  it('another algorithm outside than inside', () => {
    const list = tbsOf([]);
    const outside = signatureAlgorithms['ecdsa-sha256'].identifier;
    const crl = der.encode(der.sequence(list, outside, der.bitString(fromHex('3006020101020101'))));
    expect(() => readCrl(crl)).toThrowError(expect.objectContaining({ code: 'x509-signature-algorithm-differs' }));
  });

  it('no nextUpdate, version 1 and an empty list are noticed, for lint to refuse', () => {
    const old = der.encode(der.sequence(algorithm, issuer.subject, der.time(dates.thisUpdate), der.sequence()));
    expect(readTbsCertList(old)).toMatchObject({ version: 1, nextUpdate: undefined, emptyListEncoded: true });
  });
});
