import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cells, headThatFits, shortened } from '../../../tui/screens/lines/cells.ts';
import { factBlocks } from '../../../tui/screens/lines/fact-blocks.ts';
import { block, lineText, plain } from '../../../tui/screens/lines/line.ts';
import { paginate, paginateFromEnd } from '../../../tui/screens/lines/pages.ts';
import { visible } from '../../../core/ceremony/visible.ts';
import { wrap } from '../../../tui/screens/lines/wrap.ts';
import { hexGroups, wordRows } from '../../../core/ceremony/words.ts';

const hash = 'b9336511a7b2dfc05c2ffa4f757bfcf16a63280d168c3b79f9509c68760a7be5';

describe('wrapping', () => {
  it('breaks at spaces, and inside words only where a word is wider than a row', () => {
    expect(wrap('one two three', 8)).toEqual(['one two', 'three']);
    expect(wrap('http://pki.example.internal/r1.crl', 12)).toEqual(['http://pki.e', 'xample.inter', 'nal/r1.crl']);
  });

  it('makes no row wider than it may be and loses nothing but spaces', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), fc.integer({ min: 2, max: 90 }), (text, width) => {
        const rows = wrap(text, width);
        expect(Math.max(...rows.map(cells))).toBeLessThanOrEqual(width);
        expect(rows.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
      }),
    );
  });
});

describe('a block that is worth nothing in halves', () => {
  const code = { ...block(Array.from({ length: 9 }, (_, row) => plain(`code ${row}`))), instead: [plain('higher')] };
  const textOf = (height: number): readonly string[] =>
    paginate([block([plain('words')]), code], height)
      .flat()
      .map(lineText);

  it('is on one page where it fits on one', () => {
    expect(textOf(9)).toEqual(['words', ...code.lines.map(lineText)]);
  });

  it('is replaced by what says so where it does not', () => {
    expect(textOf(8)).toEqual(['words', '', 'higher']);
  });
});

describe('columns of a text', () => {
  it('counts wide characters twice and combining ones not at all', () => {
    expect(cells('証明書')).toBe(6);
    expect(cells('e\u0301')).toBe(1);
  });

  it('never cuts a wide character in half', () => {
    expect(headThatFits('証明書', 3)).toBe('証');
    expect(shortened('certificate', 6)).toBe('certi…');
  });
});

describe('what a terminal must not act on', () => {
  it('is spelt out: escape sequences, direction overrides, line separators', () => {
    expect(visible('CN=\u001B[2Jx\u202Egpj\u2028')).toBe('CN=\\u{1b}[2Jx\\u{202e}gpj\\u{2028}');
  });

  it('leaves names of people alone', () => {
    expect(visible('Žofie Müller-Ōe 証')).toBe('Žofie Müller-Ōe 証');
  });
});

describe('pages', () => {
  const numbered = (count: number, name = 'x') => Array.from({ length: count }, (_, row) => plain(`${name}${row}`));

  it('never split a block that fits on one', () => {
    const pages = paginate([block(numbered(3, 'a'), false), block(numbered(4, 'b'))], 6);
    expect(pages.map((page) => page.map(lineText))).toEqual([
      ['a0', 'a1', 'a2'],
      ['b0', 'b1', 'b2', 'b3'],
    ]);
  });

  it('leave nothing out, whatever the blocks and the height', () => {
    const blocks = fc.array(fc.record({ rows: fc.integer({ min: 1, max: 30 }), gap: fc.boolean() }), { maxLength: 12 });
    fc.assert(
      fc.property(blocks, fc.integer({ min: 1, max: 20 }), (shapes, height) => {
        const made = shapes.map(({ rows, gap }, index) => block(numbered(rows, `${index}-`), gap));
        const pages = paginate(made, height);
        expect(Math.max(...pages.map((page) => page.length))).toBeLessThanOrEqual(height);
        const shown = pages.flatMap((page) => page.map(lineText)).filter((text) => text !== '');
        expect(shown).toEqual(made.flatMap(({ lines }) => lines.map(lineText)));
      }),
    );
  });

  it('from the end keep the newest rows together', () => {
    const pages = paginateFromEnd(numbered(5), 2).map((page) => page.map(lineText));
    expect(pages).toEqual([['x0'], ['x1', 'x2'], ['x3', 'x4']]);
  });
});

describe('facts', () => {
  it('a warning carries the word WARNING, not only a colour', () => {
    const [found] = factBlocks([{ label: 'network interfaces up', value: 'eth0', style: 'warning' }], 80);
    expect(found?.lines.map(lineText)).toEqual(['! WARNING  network interfaces up: eth0']);
  });

  it('a digest is shown in groups, and stays on one page with its words', () => {
    const blocks = factBlocks(
      [
        { label: 'TBS SHA-256', value: hexGroups(hash), style: 'hash' },
        { label: 'in words', value: wordRows(hash).join('\n'), style: 'words' },
      ],
      80,
    );
    expect(blocks).toHaveLength(1);
    const text = blocks[0]?.lines.map(lineText).join('\n') ?? '';
    expect(text).toContain('b9336511 a7b2dfc0 5c2ffa4f 757bfcf1\n');
    for (const row of wordRows(hash)) expect(text).toContain(row);
  });

  it('a long value is wrapped under itself, in a window of any width', () => {
    const value = Array.from({ length: 40 }, (_, index) => `host-${index}.example.internal`).join(', ');
    fc.assert(
      fc.property(fc.integer({ min: 40, max: 160 }), (width) => {
        const lines = factBlocks([{ label: 'nameConstraints (critical)', value }], width).flatMap((each) => each.lines);
        expect(Math.max(...lines.map((line) => cells(lineText(line))))).toBeLessThanOrEqual(width);
        for (const host of value.split(', ')) expect(lines.map(lineText).join(' ')).toContain(host);
      }),
    );
  });
});
