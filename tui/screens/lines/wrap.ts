import { cells, headThatFits } from './cells.ts';

/** Breaks one token that is wider than a row. */
function pieces(token: string, width: number): string[] {
  const found: string[] = [];
  let rest = token;
  while (cells(rest) > width) {
    const head = headThatFits(rest, width);
    found.push(head);
    rest = rest.slice(head.length);
  }
  return [...found, rest];
}

/** Breaks a text into rows of at most `width` columns: at spaces, and inside words only where one is wider than a row. */
export function wrap(text: string, width: number): readonly string[] {
  const room = Math.max(1, width);
  if (cells(text) <= room) return [text];
  const rows: string[] = [];
  let row = '';
  for (const token of text.split(' ').flatMap((each) => pieces(each, room))) {
    const joined = row === '' ? token : `${row} ${token}`;
    if (cells(joined) <= room) row = joined;
    else {
      rows.push(row);
      row = token;
    }
  }
  return row === '' ? rows : [...rows, row];
}
