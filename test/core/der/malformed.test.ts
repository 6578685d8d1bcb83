import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DerErrorCode } from '../../../core/der/der-error.ts';
import { DerReader } from '../../../core/der/reader.ts';
import { tags } from '../../../core/der/tags.ts';
import * as der from '../../../core/der/writer.ts';
import { isCoded } from '../../../core/ports/coded-error.ts';
import { fromHex, toHex } from '../../../core/ports/hex.ts';
import { readCertificate } from '../../../core/x509/certificate.ts';
import { readCrl } from '../../../core/x509/crl.ts';
import { readCsr } from '../../../core/x509/csr.ts';
import { ecdsaDerToRaw } from '../../../core/x509/ecdsa-signature.ts';
import { formatName } from '../../../core/x509/name.ts';
import { readSpki } from '../../../core/x509/spki.ts';

type Read = (reader: DerReader) => unknown;
const element: Read = (reader) => reader.element();
const boolean: Read = (reader) => reader.boolean();
const integer: Read = (reader) => reader.integer();
const oid: Read = (reader) => reader.oid();
const bits: Read = (reader) => reader.bitString();
const time: Read = (reader) => reader.time();
const utcTime = (text: string): string => `17${hexText(text)}`;
const generalizedTime = (text: string): string => `18${hexText(text)}`;

function hexText(text: string): string {
  return text.length.toString(16).padStart(2, '0') + Buffer.from(text, 'latin1').toString('hex');
}

function nested(depth: number): string {
  let part: der.Der = new Uint8Array();
  for (let level = 0; level < depth; level += 1) part = der.sequence(part);
  return toHex(der.encode(part));
}

function enterAll(reader: DerReader): void {
  if (!reader.atEnd) enterAll(reader.enter());
}

/** What is wrong, the bytes, how they are read, and the one code that may come of it. */
const corpus: readonly (readonly [string, string, Read, DerErrorCode])[] = [
  ['nothing at all', '', element, 'der-truncated'],
  ['a tag and no length', '30', element, 'der-truncated'],
  ['a length and too little content', '3002ff', element, 'der-truncated'],
  ['a long length cut off', '3082ff', element, 'der-truncated'],
  ['a length that reaches out of its parent', '30030403ff', (reader) => reader.enter().element(), 'der-truncated'],
  ['a tag number above 30', '1f8101020000', element, 'der-high-tag-number'],
  ['an indefinite length', '30800201010000', element, 'der-indefinite-length'],
  ['a long form for a short length', '04810100', element, 'der-length-not-minimal'],
  ['a leading zero in a long length', `048200ff${'00'.repeat(255)}`, element, 'der-length-not-minimal'],
  ['a long form of length zero', '308100', element, 'der-length-not-minimal'],
  ['five octets of length', '04850000000001', element, 'der-too-long'],
  ['a length of four gigabytes', '0484ffffffff', element, 'der-truncated'],
  ['the reserved length octet ff', '04ff', element, 'der-too-long'],
  ['trailing bytes', '050000', endAfter((reader) => reader.null()), 'der-trailing-bytes'],
  ['another type than expected', '0500', integer, 'der-unexpected-tag'],
  ['a primitive SEQUENCE', '1000', (reader) => reader.enter(), 'der-unexpected-tag'],
  ['33 levels of nesting', nested(33), enterAll, 'der-too-deep'],
  ['200 levels of nesting', nested(200), enterAll, 'der-too-deep'],
  ['BOOLEAN 01', '010101', boolean, 'der-boolean-malformed'],
  ['an empty BOOLEAN', '0100', boolean, 'der-boolean-malformed'],
  ['a BOOLEAN of two octets', '0102ffff', boolean, 'der-boolean-malformed'],
  ['an empty INTEGER', '0200', integer, 'der-integer-malformed'],
  ['a padded positive INTEGER', '0202007f', integer, 'der-integer-malformed'],
  ['a padded negative INTEGER', '0202ff80', integer, 'der-integer-malformed'],
  ['a negative small INTEGER', '0201ff', (reader) => reader.smallInteger(255), 'der-integer-out-of-range'],
  ['a small INTEGER that is too large', '02020100', (reader) => reader.smallInteger(255), 'der-integer-out-of-range'],
  [
    'a small INTEGER of nine octets',
    '0209010000000000000000',
    (reader) => reader.smallInteger(2 ** 32),
    'der-integer-out-of-range',
  ],
  ['a NULL with content', '050100', (reader) => reader.null(), 'der-null-malformed'],
  ['an empty OBJECT IDENTIFIER', '0600', oid, 'der-oid-malformed'],
  ['an arc that begins with 80', '0603558001', oid, 'der-oid-malformed'],
  ['an arc cut off', '06025583', oid, 'der-oid-malformed'],
  ['an OBJECT IDENTIFIER of 65 octets', `0641${'2a'.repeat(65)}`, oid, 'der-oid-malformed'],
  ['a BIT STRING without its first octet', '0300', bits, 'der-bit-string-malformed'],
  ['eight unused bits', '03020800', bits, 'der-bit-string-malformed'],
  ['unused bits and no octets', '030101', bits, 'der-bit-string-malformed'],
  ['unused bits that are set', '03020781', bits, 'der-bit-string-malformed'],
  ['a signature of seven bits', '03020180', (reader) => reader.bitStringOctets(), 'der-bit-string-malformed'],
  ['a SET OF out of order', '3106020102020101', (reader) => reader.setOf(9), 'der-set-order'],
  ['a SET OF with the longer first', '310702020100020101', (reader) => reader.setOf(9), 'der-set-order'],
  ['a list that is too long', '3006020101020102', (reader) => reader.enter().list(1, integer), 'der-too-many'],
  ['31 February', utcTime('260231000000Z'), time, 'der-time-malformed'],
  ['29 February of a common year', utcTime('270229000000Z'), time, 'der-time-malformed'],
  ['month 13', utcTime('261301000000Z'), time, 'der-time-malformed'],
  ['day 0', utcTime('261100000000Z'), time, 'der-time-malformed'],
  ['hour 24', utcTime('261122240000Z'), time, 'der-time-malformed'],
  ['a leap second', utcTime('261231235960Z'), time, 'der-time-malformed'],
  ['a UTCTime without seconds', utcTime('2611220552Z'), time, 'der-time-malformed'],
  ['a UTCTime with an offset', utcTime('261122055240+0100'), time, 'der-time-malformed'],
  ['a UTCTime without Z', utcTime('261122055240'), time, 'der-time-malformed'],
  ['a GeneralizedTime with a fraction', generalizedTime('20501122055240.5Z'), time, 'der-time-malformed'],
  ['a GeneralizedTime with two digits of year', generalizedTime('501122055240Z'), time, 'der-time-malformed'],
  ['a GeneralizedTime before the year 1000', generalizedTime('09991122055240Z'), time, 'der-time-malformed'],
  ['digits that are not ASCII', utcTime('26112205524\u00b2Z'), time, 'der-time-malformed'],
  ['a Time that is a string', '130d3236313132323035353234305a', time, 'der-time-malformed'],
  ['a Time with a line feed behind it', utcTime('261122055240Z\n'), time, 'der-time-malformed'],
];

function endAfter(read: Read): Read {
  return (reader) => {
    read(reader);
    reader.end();
  };
}

describe('malformed DER is refused by name', () => {
  it.each(corpus)('%s', (_, hex, read, code) => {
    expect(() => read(DerReader.over(fromHex(hex)))).toThrowError(expect.objectContaining({ code }));
  });

  it('an input larger than the place allows', () => {
    expect(() => DerReader.over(new Uint8Array(11), 10)).toThrowError(
      expect.objectContaining({ code: 'der-too-long' }),
    );
    expect(DerReader.over(new Uint8Array(10), 10).atEnd).toBe(false);
  });

  it('the error says at which byte of the whole input', () => {
    const hex = '30080201070203000001';
    const read = (): unknown => DerReader.over(fromHex(hex)).enter().list(9, integer);
    expect(read).toThrowError(/byte 5/u);
  });
});

describe('what stands at the edge of the rules is read', () => {
  it.each<readonly [string, string, Read, unknown]>([
    ['32 levels of nesting', nested(32), enterAll, undefined],
    ['a length of 127 in one octet', `047f${'00'.repeat(127)}`, (reader) => reader.octetString().length, 127],
    ['a length of 128 in two octets', `048180${'00'.repeat(128)}`, (reader) => reader.octetString().length, 128],
    ['BOOLEAN ff', '0101ff', boolean, true],
    ['BOOLEAN 00', '010100', boolean, false],
    ['INTEGER 128', '02020080', (reader) => reader.smallInteger(255), 128],
    ['INTEGER 2^32', '02050100000000', (reader) => reader.smallInteger(2 ** 32), 2 ** 32],
    ['an empty BIT STRING', '030100', (reader) => reader.bitString().bytes.length, 0],
    ['a SET OF with equal elements', '3106020101020101', (reader) => reader.setOf(9).length, 2],
    ['the first UTCTime', utcTime('500101000000Z'), time, Date.UTC(1950, 0, 1) / 1000],
    ['the last UTCTime', utcTime('491231235959Z'), time, Date.UTC(2049, 11, 31, 23, 59, 59) / 1000],
    ['29 February of a leap year', utcTime('280229000000Z'), time, Date.UTC(2028, 1, 29) / 1000],
    ['the last GeneralizedTime', generalizedTime('99991231235959Z'), time, 253_402_300_799],
    ['an OBJECT IDENTIFIER of 64 octets', `0640${'2a'.repeat(64)}`, (reader) => reader.oid().split('.').length, 65],
  ])('%s', (_, hex, read, value) => {
    expect(read(DerReader.over(fromHex(hex)))).toEqual(value);
  });
});

describe('no input crashes a reader', () => {
  const readers: readonly ((bytes: Uint8Array) => unknown)[] = [
    readCertificate,
    readCrl,
    readSpki,
    formatName,
    (bytes) => readCsr(bytes, () => true),
    (bytes) => ecdsaDerToRaw(bytes, 32),
    (bytes) => DerReader.over(bytes).setOf(16, tags.set),
    (bytes) => DerReader.over(bytes).time(),
    (bytes) => DerReader.over(bytes).oid(),
    (bytes) => enterAll(DerReader.over(bytes)),
  ];

  /** Bytes that get further into a reader than noise does: tags and lengths it might expect. */
  const likely = fc
    .array(
      fc.oneof(fc.constantFrom(0x30, 0x31, 0x02, 0x03, 0x06, 0x0c, 0x13, 0x17, 0xa0, 0xa3), fc.nat(24), fc.nat(255)),
      {
        maxLength: 300,
      },
    )
    .map((bytes) => Uint8Array.from(bytes));

  it('anything up to 300 bytes is read or refused with a code', () => {
    let refused = 0;
    const property = fc.property(fc.oneof(likely, fc.uint8Array({ maxLength: 300 })), (bytes) => {
      for (const read of readers) {
        try {
          read(bytes);
        } catch (error) {
          if (!isCoded(error)) throw error;
          refused += 1;
        }
      }
    });
    fc.assert(property, { numRuns: 2000 });
    expect(refused).toBeGreaterThan(2000);
  });
});
