import { encodeQR } from 'qr';
import { shareWords } from '../../../core/ceremony/share.ts';
import { text } from '../text.ts';
import { block, bold, plain, type Block } from './line.ts';

const perRow = 4;

/** The words of a share, in numbered rows to be written on paper. */
function wordRowsOf(hex: string): readonly string[] {
  const words = shareWords(hex);
  return Array.from({ length: Math.ceil(words.length / perRow) }, (_, row) => {
    const first = row * perRow;
    return `${String(first + 1).padStart(4)}  ${words.slice(first, first + perRow).join(' ')}`;
  });
}

/** Two rows of modules in one row of half blocks: light on dark or dark on light, a scanner takes both. */
function codeRows(hex: string): readonly string[] {
  const modules = encodeQR(hex.toUpperCase(), 'raw', { ecc: 'low', encoding: 'alphanumeric', border: 1 });
  const cell = (row: number, column: number): boolean => modules[row]?.[column] === true;
  const halves = (upper: boolean, lower: boolean): string => (upper ? (lower ? '█' : '▀') : lower ? '▄' : ' ');
  return Array.from({ length: Math.ceil(modules.length / 2) }, (_, row) => {
    const columns = modules[0]?.length ?? 0;
    return Array.from({ length: columns }, (__, column) =>
      halves(cell(2 * row, column), cell(2 * row + 1, column)),
    ).join('');
  });
}

/** A share, for the one person who looks at the screen now: as words and as a code. */
export function shareBlocks({ number, of }: { number: number; of: number }, hex: string): readonly Block[] {
  return [
    block([bold(text.handOut(number, of)), ...wordRowsOf(hex).map(plain)]),
    { ...block([bold(text.handOutCode), ...codeRows(hex).map(plain)]), instead: [plain(text.handOutNoCode)] },
  ];
}
