import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evenWords, oddWords } from '../../../core/ceremony/word-lists.ts';
import { hashWords, hexGroups, wordRows } from '../../../core/ceremony/words.ts';
import { toHex } from '../../../core/ports/hex.ts';

const hash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(toHex);

describe('the words a hash is read aloud in', () => {
  it('are two lists of 256, no word twice, small letters only', () => {
    expect([evenWords.length, oddWords.length]).toEqual([256, 256]);
    expect(new Set([...evenWords, ...oddWords]).size).toBe(512);
    for (const word of [...evenWords, ...oddWords]) expect(word).toMatch(/^[a-z]{3,14}$/u);
  });

  it('never change: what was printed must mean the same bytes for ever', () => {
    const pinned = createHash('sha256')
      .update([...evenWords, '', ...oddWords].join('\n'))
      .digest('hex');
    expect(pinned).toBe('b7345db168262ed0bccc2cbf8cb23e60b0ad87815aa07741a08f176a6596039e');
  });

  it('are one for each byte, and give the hash back', () => {
    fc.assert(
      fc.property(hash, (hex) => {
        const words = hashWords(hex);
        expect(words).toHaveLength(32);
        const bytes = words.map((word, index) => (index % 2 === 0 ? evenWords : oddWords).indexOf(word));
        expect(toHex(Uint8Array.from(bytes))).toBe(hex);
      }),
    );
  });

  it('left out, said twice or exchanged, are heard: the lists take turns', () => {
    fc.assert(
      fc.property(hash, fc.nat(30), (hex, index) => {
        const words = [...hashWords(hex)];
        const even = (list: readonly string[]): boolean =>
          list.every((word, at) => (at % 2 === 0 ? evenWords : oddWords).includes(word));
        expect(even(words)).toBe(true);
        expect(even(words.toSpliced(index, 1))).toBe(false);
        expect(even(words.toSpliced(index, 0, words[index] ?? ''))).toBe(false);
        expect(even(words.toSpliced(index, 2, words[index + 1] ?? '', words[index] ?? ''))).toBe(false);
      }),
    );
  });

  it('stand in numbered rows of four, and the digits in groups of eight', () => {
    const hex = '00'.repeat(32);
    expect(wordRows(hex)).toHaveLength(8);
    expect(wordRows(hex)[0]).toBe(` 1  ${evenWords[0]} ${oddWords[0]} ${evenWords[0]} ${oddWords[0]}`);
    expect(wordRows(hex)[7]).toMatch(/^29 {2}/u);
    expect(hexGroups('0123456789abcdef')).toBe('01234567 89abcdef');
  });

  it('are refused for what is no hash', () => {
    expect(() => hashWords('xyz')).toThrow(expect.objectContaining({ code: 'hex-malformed' }) as Error);
  });
});
