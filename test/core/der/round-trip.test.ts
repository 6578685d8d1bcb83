import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeOidContent, encodeOidContent } from '../../../core/der/oid.ts';
import { DerReader } from '../../../core/der/reader.ts';
import { contextTag, tags } from '../../../core/der/tags.ts';
import { timeDigits } from '../../../core/der/time.ts';
import * as der from '../../../core/der/writer.ts';
import { compareBytes, concatBytes } from '../../../core/ports/bytes.ts';
import { toHex } from '../../../core/ports/hex.ts';

const over = (part: der.Der): DerReader => DerReader.over(der.encode(part));

describe('what the writer writes, the reader reads', () => {
  it('octet strings of every length around the limits of a length octet', () => {
    for (const length of [0, 1, 127, 128, 255, 256, 65_535, 65_536, 70_000]) {
      const bytes = new Uint8Array(length).fill(0x5a);
      expect(over(der.octetString(bytes)).octetString()).toEqual(bytes);
    }
  });

  it('nested sequences of anything', () => {
    const { tree } = fc.letrec<{ tree: der.Der; leaf: der.Der }>((tie) => ({
      leaf: fc.uint8Array({ maxLength: 200 }).map((bytes) => der.octetString(bytes)),
      tree: fc.oneof(
        { maxDepth: 6 },
        tie('leaf'),
        fc.array(tie('tree'), { maxLength: 4 }).map((parts) => der.sequence(...parts)),
      ),
    }));
    const rewrite = (reader: DerReader): der.Der =>
      reader.peek() === tags.sequence
        ? der.sequence(...reader.enter().list(64, rewrite))
        : der.octetString(reader.octetString());
    fc.assert(
      fc.property(tree, (part) => {
        const bytes = der.encode(part);
        const reader = DerReader.over(bytes);
        expect(der.encode(rewrite(reader))).toEqual(bytes);
        reader.end();
      }),
    );
  });

  it('whole numbers from 0 to 2^32, in their shortest form', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 32 }), (value) => {
        expect(over(der.integer(value)).smallInteger(2 ** 32)).toBe(value);
      }),
    );
    expect(toHex(der.encode(der.integer(0)))).toBe('020100');
    expect(toHex(der.encode(der.integer(128)))).toBe('02020080');
    expect(toHex(der.encode(der.integer(2 ** 53 - 1)))).toBe('02071fffffffffffff');
  });

  it('unsigned big-endian octets, whatever zeros stand before them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(5), (digits, zeros) => {
        const content = over(der.unsignedInteger(concatBytes(new Uint8Array(zeros), digits))).integer();
        expect(BigInt(`0x0${toHex(content)}`)).toBe(BigInt(`0x0${toHex(digits)}`));
        expect((content[0] ?? 0) < 0x80).toBe(true);
      }),
    );
  });

  it('named bits, without zero bits at the end', () => {
    const bits = fc.uniqueArray(fc.nat(20), { maxLength: 10 });
    fc.assert(
      fc.property(bits, (named) => {
        const { bytes, unused } = over(der.namedBitString(named)).bitString();
        const all = Array.from({ length: bytes.length * 8 - unused }, (_, bit) => bit);
        const set = all.filter((bit) => ((bytes[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0);
        expect(set).toEqual([...named].sort((left, right) => left - right));
        expect(all.length === 0 || set.includes(all.length - 1)).toBe(true);
      }),
    );
    expect(toHex(der.encode(der.namedBitString([])))).toBe('030100');
    expect(toHex(der.encode(der.namedBitString([5, 6])))).toBe('03020106');
    expect(toHex(der.encode(der.namedBitString([8], contextTag(1))))).toBe('8103070080');
  });

  it('sets, put in order', () => {
    const elements = fc.array(fc.uint8Array({ maxLength: 6 }), { maxLength: 8 });
    fc.assert(
      fc.property(elements, (parts) => {
        const read = over(der.setOf(parts.map((part) => der.octetString(part)))).setOf(8);
        const wanted = parts.map((part) => der.encode(der.octetString(part))).sort(compareBytes);
        expect(read).toEqual(wanted);
      }),
    );
  });

  it('object identifiers, with arcs beyond 2^64', () => {
    const arc = fc.bigInt({ min: 0n, max: 2n ** 120n });
    const first = fc.oneof(
      fc.tuple(fc.constantFrom(0n, 1n), fc.bigInt({ min: 0n, max: 39n })),
      fc.tuple(fc.constant(2n), arc),
    );
    fc.assert(
      fc.property(first, fc.array(arc, { maxLength: 2 }), (head, rest) => {
        const dotted = [...head, ...rest].join('.');
        expect(decodeOidContent(encodeOidContent(dotted))).toBe(dotted);
      }),
    );
  });

  it.each(['2.999.3', '2.25.52692841674765591152342704658786077808', '0.9.2342.19200300.100.1.25', '2.5.4.3'])(
    'the object identifier %s',
    (dotted) => {
      expect(over(der.oid(dotted)).oid()).toBe(dotted);
    },
  );

  it.each(['', '1', '3.1', '0.40', '1.40', '1..2', '1.2.', '1.02', '1.-2', '1.2.x', `1.2.${'9'.repeat(40)}`])(
    '"%s" is no object identifier',
    (dotted) => {
      expect(() => encodeOidContent(dotted)).toThrowError(expect.objectContaining({ code: 'oid-malformed' }));
    },
  );
});

describe('times', () => {
  it('any second from 1950 to 9999', () => {
    const seconds = fc.integer({ min: Date.UTC(1950, 0, 1) / 1000, max: 253_402_300_799 });
    fc.assert(
      fc.property(seconds, (second) => {
        expect(over(der.time(second)).time()).toBe(second);
      }),
    );
  });

  it('UTCTime to the last second of 2049, GeneralizedTime from the first of 2050 (RFC 5280 §4.1.2.5)', () => {
    const boundary = Date.UTC(2050, 0, 1) / 1000;
    expect(Buffer.from(der.encode(der.time(boundary - 1))).toString('latin1')).toBe('\u0017\r491231235959Z');
    expect(Buffer.from(der.encode(der.time(boundary))).toString('latin1')).toBe('\u0018\u000f20500101000000Z');
  });

  it.each([Date.UTC(1950, 0, 1) / 1000 - 1, 253_402_300_800, 1.5, Number.NaN, Number.POSITIVE_INFINITY])(
    'second %d has no certificate date',
    (seconds) => {
      expect(() => timeDigits(seconds)).toThrowError(expect.objectContaining({ code: 'time-out-of-range' }));
    },
  );
});
