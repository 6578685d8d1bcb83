import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DerReader } from '../../../core/der/reader.ts';
import { DerReader as Reader } from '../../../core/der/reader.ts';
import * as der from '../../../core/der/writer.ts';
import { fromHex, toHex } from '../../../core/ports/hex.ts';
import { basicConstraints, readBasicConstraints } from '../../../core/x509/extensions/basic-constraints.ts';
import { certificatePolicies, readCertificatePolicies } from '../../../core/x509/extensions/certificate-policies.ts';
import {
  cRLNumber,
  issuingDistributionPoint,
  readCRLNumber,
  readIssuingDistributionPoint,
  readReasonCode,
  reasonCode,
  reasonOf,
  revocationReasons,
  type RevocationReason,
} from '../../../core/x509/extensions/crl-extensions.ts';
import {
  extKeyUsage,
  keyPurposes,
  readExtKeyUsage,
  type KeyPurpose,
} from '../../../core/x509/extensions/ext-key-usage.ts';
import { encodeExtension, readExtensions, type Extension } from '../../../core/x509/extensions/extension.ts';
import {
  authorityKeyIdentifier,
  readAuthorityKeyIdentifier,
  readSubjectKeyIdentifier,
  subjectKeyIdentifier,
} from '../../../core/x509/extensions/key-identifiers.ts';
import { keyUsage, keyUsageBits, readKeyUsage } from '../../../core/x509/extensions/key-usage.ts';
import {
  authorityInfoAccess,
  cRLDistributionPoints,
  readAuthorityInfoAccess,
  readCRLDistributionPoints,
} from '../../../core/x509/extensions/locations.ts';
import { nameConstraints, readNameConstraints } from '../../../core/x509/extensions/name-constraints.ts';
import { readSubjectAltName, subjectAltName } from '../../../core/x509/extensions/subject-alt-name.ts';
import type { GeneralName } from '../../../core/x509/general-name.ts';
import { oids } from '../../../core/x509/oids.ts';

const url = fc.webUrl({ validSchemes: ['http'] }).filter((text) => /^[!-~]{1,200}$/u.test(text));
const generalName: fc.Arbitrary<GeneralName> = fc.oneof(
  fc.domain().map((value) => ({ kind: 'dns', value }) as const),
  fc.uint8Array({ minLength: 4, maxLength: 4 }).map((value) => ({ kind: 'ip', value }) as const),
  fc.uint8Array({ minLength: 16, maxLength: 16 }).map((value) => ({ kind: 'ip', value }) as const),
  fc.emailAddress().map((value) => ({ kind: 'email', value }) as const),
  url.map((value) => ({ kind: 'uri', value }) as const),
);
const dotted = fc.array(fc.nat(), { maxLength: 6 }).map((arcs) => ['2', '5', ...arcs].join('.'));
const identifier = fc.uint8Array({ minLength: 1, maxLength: 40 });

/** A value that is not read as it was written, or null where none was found. */
function lost<T, R>(
  arbitrary: fc.Arbitrary<T>,
  write: (value: T) => Extension,
  read: (value: Uint8Array) => R,
  wanted: (value: T) => NoInfer<R>,
): T | null {
  const property = fc.property(arbitrary, (value) => isDeepStrictEqual(read(write(value).value), wanted(value)));
  return fc.check(property).counterexample?.[0] ?? null;
}

describe('what an extension’s writer writes, its reader reads', () => {
  it('basic constraints', () => {
    const value = fc.oneof(
      fc.constant({ ca: false }),
      fc.constant({ ca: true }),
      fc.nat(255).map((pathLength) => ({ ca: true, pathLength })),
    );
    expect(lost(value, basicConstraints, readBasicConstraints, (constraints) => constraints)).toBeNull();
  });

  it('key usage', () => {
    const usages = fc.subarray([...keyUsageBits]);
    expect(lost(usages, keyUsage, readKeyUsage, (named) => named)).toBeNull();
  });

  it('extended key usage', () => {
    const purposes = fc.subarray(Object.keys(keyPurposes) as KeyPurpose[], { minLength: 1 });
    expect(
      lost(purposes, extKeyUsage, readExtKeyUsage, (named) => named.map((purpose) => keyPurposes[purpose])),
    ).toBeNull();
  });

  it('key identifiers', () => {
    expect(lost(identifier, subjectKeyIdentifier, readSubjectKeyIdentifier, (bytes) => bytes)).toBeNull();
    expect(
      lost(identifier, authorityKeyIdentifier, readAuthorityKeyIdentifier, (keyIdentifier) => ({
        keyIdentifier,
        others: false,
      })),
    ).toBeNull();
  });

  it('certificate policies', () => {
    expect(
      lost(fc.array(dotted, { maxLength: 10 }), certificatePolicies, readCertificatePolicies, (policies) => ({
        policies,
        qualified: false,
      })),
    ).toBeNull();
  });

  it('subject alternative names', () => {
    const names = fc.array(generalName, { maxLength: 20 });
    expect(
      lost(
        names,
        (all) => subjectAltName(all, false),
        readSubjectAltName,
        (all) => all,
      ),
    ).toBeNull();
  });

  it('name constraints', () => {
    const subtrees = fc.array(generalName, { maxLength: 5 });
    const value = fc.record({ permitted: subtrees, excluded: subtrees }, { noNullPrototype: true });
    expect(lost(value, nameConstraints, readNameConstraints, (constraints) => constraints)).toBeNull();
  });

  it('CRL distribution points and authority information access', () => {
    const urls = fc.array(url, { minLength: 1, maxLength: 5 });
    expect(
      lost(urls, cRLDistributionPoints, readCRLDistributionPoints, (all) => ({
        points: 1,
        urls: all,
        special: false,
      })),
    ).toBeNull();
    const access = fc.record({ caIssuers: fc.array(url, { maxLength: 3 }), ocsp: fc.array(url, { maxLength: 3 }) });
    expect(lost(access, authorityInfoAccess, readAuthorityInfoAccess, (all) => ({ ...all, others: false }))).toBeNull();
  });

  it('CRL numbers of up to 20 octets', () => {
    const number = fc.bigInt({ min: 0n, max: 2n ** 159n - 1n });
    const write = (value: bigint): Extension => cRLNumber(fromHex(value.toString(16).padStart(40, '0')));
    expect(lost(number, write, readCRLNumber, (value) => value)).toBeNull();
  });

  it('reasons', () => {
    const reason = fc.constantFrom(...(Object.keys(revocationReasons) as RevocationReason[]));
    const read = (value: Uint8Array): RevocationReason | undefined => reasonOf(readReasonCode(value));
    expect(lost<RevocationReason, RevocationReason | undefined>(reason, reasonCode, read, (named) => named)).toBeNull();
    expect(reasonOf(7)).toBeUndefined();
  });

  it('issuing distribution points', () => {
    const scope = fc.constantFrom('user' as const, 'ca' as const);
    const value = fc.record({ urls: fc.array(url, { maxLength: 3 }), onlyContains: scope });
    expect(
      lost(value, issuingDistributionPoint, readIssuingDistributionPoint, ({ onlyContains }) => ({
        users: onlyContains === 'user',
        cas: onlyContains === 'ca',
        partial: false,
      })),
    ).toBeNull();
  });
});

describe('what is not strict DER of the extension’s type is refused', () => {
  it.each<readonly [string, string, (value: Uint8Array) => unknown, string]>([
    ['cA FALSE spelt out', '3003010100', readBasicConstraints, 'der-default-encoded'],
    ['a negative path length', '30060101ff0201ff', readBasicConstraints, 'der-integer-out-of-range'],
    ['a third element in basic constraints', '30090101ff020100020100', readBasicConstraints, 'der-trailing-bytes'],
    ['bytes behind basic constraints', '300000', readBasicConstraints, 'der-trailing-bytes'],
    ['a key usage that is an octet string', '040106', readKeyUsage, 'der-unexpected-tag'],
    ['a key purpose that is no OID', '3003020101', readExtKeyUsage, 'der-unexpected-tag'],
    ['bytes behind a key identifier', '04010000', readSubjectKeyIdentifier, 'der-trailing-bytes'],
    ['a DNS name with a byte above 7e', '3003820180', readSubjectAltName, 'x509-general-name'],
    ['a DNS name with a NUL in it', '30058203610062', readSubjectAltName, 'x509-general-name'],
    ['a DNS name of 2049 bytes', `3082080582820801${'61'.repeat(2049)}`, readSubjectAltName, 'x509-general-name'],
    ['a subtree with a minimum', '300aa0083006820161800100', readNameConstraints, 'x509-name-constraints'],
    ['excluded before permitted', '300ea1053003820161a0053003820162', readNameConstraints, 'der-trailing-bytes'],
    ['a third kind of subtree', '3004a2023000', readNameConstraints, 'der-trailing-bytes'],
    ['a reason that is an INTEGER', '020101', readReasonCode, 'der-unexpected-tag'],
    ['a reason of two octets', '0a020101', readReasonCode, 'der-integer-out-of-range'],
    ['a CRL number of 65 octets', `0241${'01'.repeat(65)}`, readCRLNumber, 'der-integer-out-of-range'],
    ['onlyContainsUserCerts FALSE', '3003810100', readIssuingDistributionPoint, 'der-boolean-malformed'],
    ['onlyContainsCACerts 01', '3003820101', readIssuingDistributionPoint, 'der-boolean-malformed'],
    ['a distribution point name of neither kind', '3004a0028000', readIssuingDistributionPoint, 'der-unexpected-tag'],
    ['an access location behind which more stands', accessWithMore(), readAuthorityInfoAccess, 'der-trailing-bytes'],
  ])('%s', (_, hex, read, code) => {
    expect(() => read(fromHex(hex))).toThrowError(expect.objectContaining({ code }));
  });

  it('101 subject alternative names', () => {
    const names = Array.from({ length: 101 }, (_, index) => ({ kind: 'dns', value: `n${index}` }) as const);
    const { value } = subjectAltName(names, false);
    expect(() => readSubjectAltName(value)).toThrowError(expect.objectContaining({ code: 'der-too-many' }));
    expect(readSubjectAltName(subjectAltName(names.slice(1), false).value)).toHaveLength(100);
  });
});

function accessWithMore(): string {
  const description = der.sequence(der.oid(oids.ocsp), der.implicit(6, Buffer.from('http://a')), der.nullValue());
  return toHex(der.encode(der.sequence(description)));
}

describe('what a reader notices without refusing', () => {
  it('an authority key identifier with more than the keyIdentifier', () => {
    expect(readAuthorityKeyIdentifier(fromHex('3006800101820101'))).toEqual({
      keyIdentifier: Uint8Array.of(1),
      others: true,
    });
    expect(readAuthorityKeyIdentifier(fromHex('3000'))).toEqual({ others: false });
  });

  it('policies with qualifiers', () => {
    expect(readCertificatePolicies(fromHex('30093007060355040a3000'))).toEqual({
      policies: ['2.5.4.10'],
      qualified: true,
    });
  });

  it('distribution points with reasons, or with nothing', () => {
    expect(readCRLDistributionPoints(fromHex('30023000'))).toEqual({ points: 1, urls: [], special: true });
    expect(readCRLDistributionPoints(fromHex('3006300481020780'))).toMatchObject({ points: 1, special: true });
  });

  it('an issuing distribution point for some reasons only, or for indirect CRLs', () => {
    expect(readIssuingDistributionPoint(fromHex('3004830206c0'))).toMatchObject({ partial: true });
    expect(readIssuingDistributionPoint(fromHex('30038401ff'))).toMatchObject({ partial: true });
  });
});

describe('a list of extensions', () => {
  const list = (...extensions: readonly Extension[]): DerReader =>
    Reader.over(der.encode(der.sequence(...extensions.map(encodeExtension)))).enter();
  const one = subjectKeyIdentifier(Uint8Array.of(1));

  it('is read as it was written', () => {
    const all = [one, { ...keyUsage(['cRLSign']), critical: true }];
    expect(readExtensions(list(...all))).toEqual(all);
  });

  it.each([
    ['the same one twice', () => list(one, one), 'x509-extension-repeated'],
    ['nothing', () => list(), 'der-empty-list'],
    ['65 of them', () => list(...numbered(65)), 'der-too-many'],
    ['one that spells out critical FALSE', () => raw('300d300b0603551d0e010100040100'), 'der-default-encoded'],
    ['one with more behind its value', () => raw('300c300a0603551d0e0401000500'), 'der-trailing-bytes'],
  ])('with %s is refused', (_, make, code) => {
    expect(() => readExtensions(make())).toThrowError(expect.objectContaining({ code }));
  });

  function raw(hex: string): DerReader {
    return Reader.over(fromHex(hex)).enter();
  }
  function numbered(count: number): readonly Extension[] {
    return Array.from({ length: count }, (_, index) => ({ ...one, oid: `2.5.29.${200 + index}` }));
  }
});
