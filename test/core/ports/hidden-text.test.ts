import { describe, expect, it } from 'vitest';
import { misleadingAt, spellHidden } from '../../../core/ports/hidden-text.ts';

const misleading: readonly (readonly [string, string])[] = [
  ['an escape character', '\u001b'],
  ['NUL', '\0'],
  ['a line feed', '\n'],
  ['a C1 control', '\u009b'],
  ['a line separator', '\u2028'],
  ['a right-to-left override', '\u202e'],
  ['a direction isolate', '\u2066'],
  ['an Arabic letter mark', '\u061c'],
  ['a space of no width', '\u200b'],
  ['a word joiner', '\u2060'],
  ['an invisible multiplication', '\u2062'],
  ['a byte order mark', '\ufeff'],
  ['a soft hyphen', '\u00ad'],
  ['a filler of Hangul', '\u3164'],
  ['a tag letter', '\u{e0041}'],
  ['an interlinear annotation', '\ufff9'],
  ['half a character', '\ud800'],
];

describe('characters that nobody sees, or that act on the text around them', () => {
  it.each(misleading)('%s is found, and spelt out', (_, character) => {
    expect(misleadingAt(`ab${character}c`)).toBe(2);
    expect(spellHidden(`ab${character}c`, () => '?')).toBe('ab?c');
  });

  it.each([
    ['letters of every script', 'Müller Ωmega Иван 王 علی'],
    ['spaces that are seen', 'a b\u00a0c'],
    ['signs of more than two octets', '\u{1f600}'],
  ])('%s are neither', (_, text) => {
    expect(misleadingAt(text)).toBe(-1);
    expect(spellHidden(text, () => '?')).toBe(text);
  });

  it.each([
    ['a joiner, as Persian names are written', 'علی\u200cرضا'],
    ['a variation of a sign', '✔\ufe0f'],
  ])('%s is no reason to refuse a text, and is spelt out all the same', (_, text) => {
    expect(misleadingAt(text)).toBe(-1);
    expect(spellHidden(text, () => '?')).toContain('?');
  });
});
