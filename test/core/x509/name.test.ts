import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tags } from '../../../core/der/tags.ts';
import * as der from '../../../core/der/writer.ts';
import { fromHex, toHex } from '../../../core/ports/hex.ts';
import {
  attributeOf,
  encodeName,
  formatName,
  nameToCompare,
  readName,
  type DistinguishedName,
} from '../../../core/x509/name.ts';
import { oids } from '../../../core/x509/oids.ts';

function nameOf(tag: number, content: Uint8Array): Uint8Array {
  return der.encode(
    der.sequence(der.element(tags.set, der.sequence(der.oid(oids.commonName), der.element(tag, content)))),
  );
}

describe('names are encoded in one way', () => {
  it('attributes in the order of BR 7.1.4.2, whatever the order in the plan', () => {
    const subject = {
      CN: 'Root',
      O: 'Example',
      C: 'US',
      DC: ['com', 'example'],
      serialNumber: '1',
      L: 'Rome',
      ST: 'RM',
    };
    expect(formatName(encodeName(subject))).toBe(
      'DC=com, DC=example, C=US, ST=RM, L=Rome, O=Example, CN=Root, serialNumber=1',
    );
  });

  it('countries and serial numbers as PrintableString, domain components as IA5String, the rest as UTF8String', () => {
    const subject = encodeName({
      DC: ['example'],
      C: 'US',
      ST: 'A',
      L: 'B',
      O: 'C',
      OU: 'D',
      CN: 'E',
      serialNumber: '1',
    });
    expect(readName(subject).map(([attribute]) => attribute?.tag)).toEqual([
      tags.ia5String,
      tags.printableString,
      tags.utf8String,
      tags.utf8String,
      tags.utf8String,
      tags.utf8String,
      tags.utf8String,
      tags.printableString,
    ]);
  });

  it('byte for byte', () => {
    expect(toHex(encodeName({ C: 'US', CN: 'é' }))).toBe('301a310b3009060355040613025553310b300906035504030c02c3a9');
    expect(toHex(encodeName({}))).toBe('3000');
  });

  it.each<readonly [string, DistinguishedName, string]>([
    ['an empty value', { CN: '' }, 'x509-name-attribute'],
    ['65 characters of common name', { CN: 'a'.repeat(65) }, 'x509-name-attribute'],
    ['129 characters of locality', { L: 'a'.repeat(129) }, 'x509-name-attribute'],
    ['a space at the end', { O: 'Example ' }, 'x509-name-attribute'],
    ['a line feed', { O: 'Example\nCorp' }, 'x509-name-attribute'],
    ['an escape character', { O: '\u{1b}[2J' }, 'x509-name-attribute'],
    ['text that runs the other way', { CN: 'abc\u{202e}moc.elpmaxe' }, 'x509-name-attribute'],
    ['half a character', { CN: 'a\ud800' }, 'x509-name-attribute'],
    ['an umlaut in a serial number', { serialNumber: 'ü' }, 'x509-name-attribute'],
    ['an umlaut in a domain component', { DC: ['bücher'] }, 'x509-name-attribute'],
    ['a country of three letters', { C: 'USA' }, 'x509-name-attribute'],
    ['a country in small letters', { C: 'us' }, 'x509-name-country'],
  ])('%s is refused', (_, name, code) => {
    expect(() => encodeName(name)).toThrowError(expect.objectContaining({ code }));
  });

  it('bounds count characters, not bytes or UTF-16 units', () => {
    expect(attributeOf(encodeName({ CN: '\u{1f600}'.repeat(64) }), oids.commonName)).toHaveLength(128);
    expect(() => encodeName({ CN: '\u{1f600}'.repeat(65) })).toThrowError(
      expect.objectContaining({ code: 'x509-name-attribute' }),
    );
  });

  it('whatever is encoded is read back', () => {
    const value = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).filter((text) => text === text.trim());
    fc.assert(
      fc.property(value, value, (O, CN) => {
        let encoded: Uint8Array;
        try {
          encoded = encodeName({ O, CN });
        } catch {
          return;
        }
        expect(readName(encoded).map((rdn) => rdn.map((attribute) => attribute.value))).toEqual([[O], [CN]]);
      }),
    );
  });
});

describe('names are compared as relying parties do (RFC 5280 §7.1)', () => {
  const compared = (tag: number, text: string): string =>
    nameToCompare(nameOf(tag, tag === tags.bmpString ? Buffer.from(text, 'utf16le').swap16() : Buffer.from(text)));
  const usual = compared(tags.utf8String, 'Example Corp');

  it.each([
    ['another string type', tags.printableString, 'Example Corp'],
    ['one of two octets', tags.bmpString, 'Example Corp'],
    ['case', tags.utf8String, 'EXAMPLE corp'],
    ['spaces', tags.utf8String, ' Example  Corp '],
    ['width', tags.utf8String, 'Ｅxample Corp'],
    ['what nobody sees', tags.utf8String, 'Exam\u200bple Corp'],
  ])('%s makes no other name', (_, tag, text) => {
    expect(compared(tag, text)).toBe(usual);
  });

  it('another text does, and so does another attribute', () => {
    expect(compared(tags.utf8String, 'Example Corp 2')).not.toBe(usual);
    expect(nameToCompare(encodeName({ O: 'Example Corp' }))).not.toBe(
      nameToCompare(encodeName({ CN: 'Example Corp' })),
    );
  });
});

describe('names are read as they stand', () => {
  it.each([
    ['UTF8String', tags.utf8String, 'c3a9', 'é'],
    ['PrintableString', tags.printableString, '41', 'A'],
    ['IA5String', tags.ia5String, '40', '@'],
    ['BMPString', tags.bmpString, '00e90041', 'éA'],
    ['TeletexString', tags.teletexString, 'e9', 'é'],
    ['NumericString', tags.numericString, '3120', '1 '],
  ])('%s', (_, tag, hex, text) => {
    expect(attributeOf(nameOf(tag, fromHex(hex)), oids.commonName)).toBe(text);
  });

  it.each([
    ['UTF8String that is not UTF-8', tags.utf8String, 'c328'],
    ['PrintableString with an at sign', tags.printableString, '40'],
    ['IA5String with a byte above 7f', tags.ia5String, 'e9'],
    ['NumericString with a letter', tags.numericString, '41'],
    ['BMPString with half a character', tags.bmpString, '0041ff'],
    ['UniversalString, which nobody uses', tags.universalString, '00000041'],
    ['an INTEGER', tags.integer, '01'],
  ])('%s is refused', (_, tag, hex) => {
    expect(() => readName(nameOf(tag, fromHex(hex)))).toThrowError(
      expect.objectContaining({ code: 'x509-name-string' }),
    );
  });

  it('a name larger than 8 KiB is refused', () => {
    expect(() => readName(nameOf(tags.utf8String, new Uint8Array(8200)))).toThrowError(
      expect.objectContaining({ code: 'der-too-long' }),
    );
  });
});

describe('names for people', () => {
  it.each([
    ['Example, Inc.', 'CN=Example\\, Inc.'],
    ['a+b"c\\d<e>f;g=h', 'CN=a\\+b\\"c\\\\d\\<e\\>f\\;g\\=h'],
    ['#1', 'CN=\\#1'],
    [' x ', 'CN=\\ x\\ '],
    ['a\u{1b}[2Jb', 'CN=a\\1b[2Jb'],
    ['abc\u{202e}txt', 'CN=abc\\e2\\80\\aetxt'],
    ['a\nb\0', 'CN=a\\0ab\\00'],
    ['é', 'CN=é'],
  ])('%j is shown as %s', (value, shown) => {
    expect(formatName(nameOf(tags.utf8String, new TextEncoder().encode(value)))).toBe(shown);
  });

  it('attributes in one RDN are joined by a plus, unknown types are numbers, an empty name says so', () => {
    const two = der.setOf([
      der.sequence(der.oid(oids.commonName), der.utf8String('a')),
      der.sequence(der.oid('2.5.4.65'), der.utf8String('b')),
    ]);
    expect(formatName(der.encode(der.sequence(two)))).toBe('CN=a+2.5.4.65=b');
    expect(formatName(encodeName({}))).toBe('(empty)');
  });
});
