import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseStrictYaml, type YamlVerdict } from '../../../core/profile/strict-yaml.ts';

const schema = z.strictObject({
  name: z.string().min(3),
  count: z.int().optional(),
  list: z.array(z.strictObject({ kind: z.enum(['a', 'b']), size: z.int() })).default([]),
  either: z.union([z.int(), z.strictObject({ of: z.int(), quorum: z.int() })]).optional(),
  table: z.record(z.string(), z.int()).default({}),
});
type Value = z.infer<typeof schema>;

function parse(text: string): YamlVerdict<Value> {
  return parseStrictYaml(text, 'f.yaml', schema);
}

/** `code line:column field` of every refusal. */
function refused(text: string): readonly string[] {
  const verdict = parse(text);
  if (verdict.ok) return [];
  return verdict.refusals.map(({ code, where: { line, column, field } = {} }) =>
    `${code} ${line}:${column} ${field ?? ''}`.trimEnd(),
  );
}

describe('strict YAML', () => {
  it('reads what the schema describes, comments and quotes included', () => {
    const verdict = parse('# a comment\nname: "abc"\nlist:\n  - { kind: a, size: 1 }\ntable: { "1": 2 }\n');
    expect(verdict).toMatchObject({
      ok: true,
      value: { name: 'abc', list: [{ kind: 'a', size: 1 }], table: { '1': 2 } },
    });
  });

  it('reads lines, tabs, joiners of Persian and a byte order mark at the start', () => {
    const verdict = parse('\ufeff# \tعلی\u200cرضا\r\nname: |\n  abc\n  def\n');
    expect(verdict).toMatchObject({ ok: true, value: { name: 'abc\ndef\n' } });
  });

  it('names the place of every value it has read', () => {
    const verdict = parse('name: abc\nlist:\n  - { kind: a, size: 1 }\n  - { kind: b, size: 2 }\n');
    if (!verdict.ok) throw new Error('refused');
    expect(verdict.locate(['list', 1])).toEqual({ file: 'f.yaml', line: 4, column: 5, field: 'list.1' });
    expect(verdict.locate(['list', 1, 'size'])).toMatchObject({ line: 4, column: 16 });
    expect(verdict.locate(['not', 'there'])).toMatchObject({ line: 1, column: 1 });
  });

  it.each([
    ['an unknown key', 'name: abc\ncolour: red\n', 'yaml-unknown-key 2:1'],
    [
      'an unknown key inside',
      'name: abc\nlist:\n  - { kind: a, size: 1, pin: 1 }\n',
      'yaml-unknown-key 3:25 list.0.pin',
    ],
    ['a missing key', 'count: 1\n', 'yaml-missing-key 1:1 name'],
    ['a missing key inside', 'name: abc\nlist:\n  - { kind: a }\n', 'yaml-missing-key 3:5 list.0.size'],
    ['a value of another type', 'name: abc\ncount: many\n', 'yaml-invalid-value 2:1 count'],
    ['a value out of bounds', 'name: ab\n', 'yaml-invalid-value 1:1 name'],
    ['a value of no variant', 'name: abc\neither: { of: 1, quorum: x }\n', 'yaml-invalid-value 2:18 either.quorum'],
    ['a tab for indentation', 'name: abc\nlist:\n\t- 1\n', 'yaml-syntax 3:1'],
    ['a key twice', 'name: abc\nname: abd\n', 'yaml-syntax 2:1'],
    ['a second document', 'name: abc\n---\nname: abd\n', 'yaml-syntax 2:1'],
    ['an anchor', 'name: &n abc\n', 'yaml-feature 1:10'],
    ['an alias', 'name: abc\ncount: *n\n', 'yaml-feature 2:8'],
    ['a tag of one’s own', 'name: !pin abc\n', 'yaml-syntax 1:7'],
    ['a tag of the core schema', 'name: !!str 1234\n', 'yaml-feature 1:13'],
    ['a merge key', 'name: abc\ntable: { <<: { a: 1 } }\n', 'yaml-feature 2:10'],
    ['a key that is a number', 'name: abc\ntable: { 1: 2, "1": 3 }\n', 'yaml-feature 2:10'],
    ['a key that is nothing', 'name: abc\ntable: { ~: 2 }\n', 'yaml-feature 2:10'],
    ['a key that is a map', 'name: abc\n? { a: 1 }\n: 2\n', 'yaml-feature 2:3'],
    ['the key __proto__', 'name: abc\ntable: { __proto__: 2 }\n', 'yaml-feature 2:10'],
    ['a directive for YAML 1.1, in which yes is a boolean', '%YAML 1.1\n---\nname: abc\n', 'yaml-feature 1:1'],
    ['a tag directive', '%TAG ! tag:example.com:\n---\nname: abc\n', 'yaml-feature 1:1'],
    ['a comment that runs the other way', 'name: abc\n# \u202e }the end{\n', 'yaml-hidden-character 2:3'],
    ['a key with a space of no width in it', 'na\u200bme: abc\n', 'yaml-hidden-character 1:3'],
    ['an escape character', 'name: "a\u001b[2J"\n', 'yaml-hidden-character 1:9'],
    ['a text turned around by its escape', 'name: "abc\\u202e"\n', 'yaml-feature 1:7'],
    ['a key turned around by its escape', 'name: abc\ntable: { "a\\u2066": 1 }\n', 'yaml-feature 2:10'],
    ['nothing', '', 'yaml-invalid-value 1:1'],
    ['brackets without end', '['.repeat(100_000), 'yaml-syntax'],
    ['nesting without end', '- '.repeat(100_000), 'yaml-syntax'],
  ])('refuses %s where it stands', (_, text, expected) => {
    expect(refused(text)[0]).toContain(expected);
  });

  it('refuses a file that is too long before it parses it', () => {
    expect(refused(`name: ${'a'.repeat(1_000_001)}\n`)).toEqual(['yaml-too-long undefined:undefined']);
  });

  it('says at most twenty things at a time', () => {
    const text = `name: abc\n${Array.from({ length: 50 }, (_, index) => `key-${index}: 1\n`).join('')}`;
    expect(refused(text)).toHaveLength(20);
  });

  it('throws nothing, whatever the text', () => {
    const piece = fc.constantFrom(
      'name',
      ': ',
      '\n',
      '  ',
      '- ',
      '[',
      ']',
      '{',
      '}',
      '"',
      "'",
      '|',
      '>',
      '&a',
      '*a',
      '!!',
      '%',
      '?',
      '#',
      '\t',
      '\u0000',
      '<<',
      '--- ',
      '...',
      '1',
      '~',
      '\uFEFF',
    );
    const any = fc.oneof(
      fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join('')),
      fc.string({ unit: 'binary', maxLength: 200 }),
    );
    fc.assert(
      fc.property(any, (text) => {
        expect(typeof parse(text).ok).toBe('boolean');
      }),
      { numRuns: 3000 },
    );
  });

  it.each([10, 100, 300, 600, 1000, 3000])('throws nothing at a depth of %i', (depth) => {
    expect(parse(`name: abc\nlist: ${'['.repeat(depth)}${']'.repeat(depth)}\n`).ok).toBe(false);
    expect(parse(`name: abc\nlist: ${'{a: '.repeat(depth)}1${'}'.repeat(depth)}\n`).ok).toBe(false);
  });
});
