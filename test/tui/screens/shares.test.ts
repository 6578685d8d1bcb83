import { decodeQR } from 'qr/decode.js';
import { describe, expect, it } from 'vitest';
import { readShare, shareHex, shareWords } from '../../../core/ceremony/share.ts';
import { nodeDigest } from '../../../core/node/crypto.ts';
import { shareBlocks } from '../../../tui/screens/lines/share-blocks.ts';

const share = { token: 'a1b2c3', set: '01020304', index: 2, threshold: 2, payload: new Uint8Array(21).fill(0x5a) };
const hex = shareHex(share, nodeDigest);

function rowsOf(): readonly (readonly string[])[] {
  return shareBlocks({ number: 2, of: 3 }, hex).map(({ lines }) =>
    lines.map((line) => line.map(({ text }) => text).join('')),
  );
}

/** The half blocks as a picture, eight pixels for each module, with a margin around it. */
function picture(rows: readonly string[]): { width: number; height: number; data: Uint8Array } {
  const modules = rows.flatMap((row) => [
    Array.from(row, (cell) => cell === '█' || cell === '▀'),
    Array.from(row, (cell) => cell === '█' || cell === '▄'),
  ]);
  const scale = 8;
  const margin = 4;
  const size = (modules.length + 2 * margin) * scale;
  const data = new Uint8Array(size * size * 3).fill(255);
  for (const [row, cells] of modules.entries()) {
    for (const [column, dark] of cells.entries()) {
      if (!dark) continue;
      for (let y = 0; y < scale; y += 1) {
        const start = (((row + margin) * scale + y) * size + (column + margin) * scale) * 3;
        data.fill(0, start, start + scale * 3);
      }
    }
  }
  return { width: size, height: size, data };
}

describe('a share on the screen', () => {
  it('is every word in its order, in numbered rows, and a code that fits a terminal', () => {
    const [words = [], code = []] = rowsOf();
    const typed = words
      .slice(1)
      .join(' ')
      .split(/\s+/u)
      .filter((word) => !/^\d*$/u.test(word));
    expect(typed).toEqual(shareWords(hex));
    expect(words[0]).toContain('Share 2 of 3');
    expect(Math.max(...code.map((row) => row.length))).toBeLessThanOrEqual(80);
    expect(code.length).toBeLessThanOrEqual(21);
  });

  it('is scanned from its code as the same share', () => {
    const [, code = []] = rowsOf();
    const scanned = decodeQR(picture(code.slice(1)));
    expect(readShare(scanned, nodeDigest)).toEqual(share);
  });
});
