import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBase64, fromBase64Url, toBase64, toBase64Url, withoutPadding } from '../../../core/ports/base64.ts';
import { compareBytes, equalBytes, fromUtf8, utf8 } from '../../../core/ports/bytes.ts';
import { fromHex, toHex } from '../../../core/ports/hex.ts';

const bytes = fc.uint8Array({ maxLength: 100 });

describe('base64, base64url and hex', () => {
  it('say what Node says and read it back', () => {
    fc.assert(
      fc.property(bytes, (input) => {
        const node = Buffer.from(input);
        expect([toBase64(input), toBase64Url(input), toHex(input)]).toEqual([
          node.toString('base64'),
          node.toString('base64url'),
          node.toString('hex'),
        ]);
        expect([fromBase64(toBase64(input)), fromBase64Url(toBase64Url(input)), fromHex(toHex(input))]).toEqual([
          input,
          input,
          input,
        ]);
      }),
    );
  });

  it('one text stands for one byte string: whatever is read is written back the same', () => {
    const text = fc.string({ unit: fc.constantFrom('A', 'B', '/', '+', '_', '-', '=', '8', ' '), maxLength: 12 });
    const check = (read: (text: string) => Uint8Array, write: (bytes: Uint8Array) => string) => (input: string) => {
      let read_: Uint8Array;
      try {
        read_ = read(input);
      } catch {
        return;
      }
      expect(write(read_)).toBe(input);
    };
    fc.assert(fc.property(text, check(fromBase64, toBase64)), { numRuns: 2000 });
    fc.assert(fc.property(text, check(fromBase64Url, toBase64Url)), { numRuns: 2000 });
  });

  it('is read without the padding that may stand behind it, and padding anywhere else stays to be refused', () => {
    const read = ['', 'AA', 'AA=', 'AA==', 'AA===', '=AA', '==A=='].map(withoutPadding);
    expect(read).toEqual(['', 'AA', 'AA', 'AA', 'AA=', '=AA', '==A']);
    const long = '='.repeat(1_000_000);
    expect(withoutPadding(`${long}A`)).toHaveLength(1_000_001);
    expect(withoutPadding(long)).toHaveLength(999_998);
  });

  it.each(['A', 'AA', 'AAA', 'AB==', 'AAB=', 'AA==AA==', 'A===', '====', 'AA=A', 'AAA\n', ' AAA', 'AA-_', 'AAÄA'])(
    '%j is not base64',
    (text) => {
      expect(() => fromBase64(text)).toThrowError(expect.objectContaining({ code: 'base64-malformed' }));
    },
  );

  it.each(['A', 'AB', 'AAB', 'AA==', 'AA+/', 'AA A'])('%j is not base64url', (text) => {
    expect(() => fromBase64Url(text)).toThrowError(expect.objectContaining({ code: 'base64-malformed' }));
  });

  it.each(['a', '0g', '0x00', '00 00', 'aa:bb'])('%j is not hex', (text) => {
    expect(() => fromHex(text)).toThrowError(expect.objectContaining({ code: 'hex-malformed' }));
  });

  it('hex may be in capitals', () => {
    expect(fromHex('ABcd')).toEqual(Uint8Array.of(0xab, 0xcd));
  });
});

describe('bytes', () => {
  it('compare as Node’s buffers do', () => {
    fc.assert(
      fc.property(bytes, bytes, (left, right) => {
        expect(Math.sign(compareBytes(left, right))).toBe(Buffer.compare(left, right));
        expect(equalBytes(left, right)).toBe(Buffer.compare(left, right) === 0);
      }),
    );
  });

  it('UTF-8 goes there and back, and what is not UTF-8 is undefined', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(fromUtf8(utf8(text))).toBe(text);
      }),
    );
    expect(['c0af', 'ff', 'eda080', 'f4908080', 'c3'].map((hex) => fromUtf8(fromHex(hex)))).toEqual(
      Array.from({ length: 5 }),
    );
    expect(fromUtf8(fromHex('efbbbf41'))).toBe('\u{feff}A');
  });
});
