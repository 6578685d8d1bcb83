import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalBytes, canonicalJson, parseCanonicalJson } from '../../../core/journal/canonical.ts';
import { utf8 } from '../../../core/ports/bytes.ts';
import type { Json, JsonObject } from '../../../core/ports/json.ts';

const { value } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger().map((number) => number + 0),
    fc.string({ unit: 'binary' }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.string(), tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
}));
const object = fc.dictionary(fc.string(), value, { maxKeys: 5, noNullPrototype: true });

describe('canonical JSON (RFC 8785)', () => {
  it('the members of an object are in order of their UTF-16 code units, and nothing is between', () => {
    expect(
      canonicalJson({ b: 1, a: [true, null, 'x'], '\u{e9}': {}, '\u{1f600}': '', '\u{fb33}': 0, 10: 2, 9: 3 }),
    ).toBe('{"10":2,"9":3,"a":[true,null,"x"],"b":1,"é":{},"\u{1f600}":"","\u{fb33}":0}');
  });

  it('strings are escaped in the one way there is', () => {
    expect(canonicalJson('\u0000\b\t\n\f\r"\\/\u001f\u007f€')).toBe('"\\u0000\\b\\t\\n\\f\\r\\"\\\\/\\u001f\u007f€"');
  });

  it('one text for one value: whatever is written is read back and written the same', () => {
    fc.assert(
      fc.property(object, (members) => {
        const bytes = canonicalBytes(members);
        const read = parseCanonicalJson(bytes);
        expect(canonicalBytes(read)).toEqual(bytes);
        expect(JSON.parse(canonicalJson(members))).toEqual(JSON.parse(JSON.stringify(members)));
      }),
    );
  });

  it('the order in which members were put in does not matter', () => {
    fc.assert(
      fc.property(object, (members) => {
        const reversed: JsonObject = Object.fromEntries(Object.entries(members).toReversed());
        expect(canonicalJson(reversed)).toBe(canonicalJson(members));
      }),
    );
  });

  it.each([
    ['members out of order', '{"b":1,"a":2}'],
    ['a space', '{"a": 1}'],
    ['a line feed at the end', '{"a":1}\n'],
    ['a byte order mark', '\u{feff}{"a":1}'],
    ['the same member twice', '{"a":1,"a":1}'],
    ['a number with an exponent', '{"a":1e3}'],
    ['a fraction', '{"a":0.5}'],
    ['a fraction of zero', '{"a":1.0}'],
    ['negative zero', '{"a":-0}'],
    ['a number of 2^53', '{"a":9007199254740992}'],
    ['a slash that is escaped', '{"a":"\\/"}'],
    ['a letter that is escaped', '{"a":"\\u0041"}'],
    ['an array', '[1]'],
    ['a string', '"a"'],
    ['null', 'null'],
    ['nothing', ''],
    ['no JSON', '{a:1}'],
    ['nesting of 65 levels', `{"a":${'['.repeat(65)}${']'.repeat(65)}}`],
  ])('%s is refused', (_, text) => {
    expect(() => parseCanonicalJson(utf8(text))).toThrowError(expect.objectContaining({ code: 'json-not-canonical' }));
  });

  it('bytes that are not UTF-8 are refused', () => {
    const bytes = Uint8Array.from([...utf8('{"a":"'), 0xff, ...utf8('"}')]);
    expect(() => parseCanonicalJson(bytes)).toThrowError(expect.objectContaining({ code: 'json-not-canonical' }));
  });

  it.each([0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('the number %d is not written', (number) => {
    expect(() => canonicalJson({ number })).toThrowError(expect.objectContaining({ code: 'json-not-canonical' }));
  });
});
