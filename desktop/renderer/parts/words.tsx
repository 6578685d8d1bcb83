import type { ReactNode } from 'react';

/** A row of {@link wordRows}: the position of its first word, then its words. */
function rowOf(row: string): { readonly number: string; readonly words: readonly string[] } {
  const [number = '', ...words] = row.trim().split(/\s+/u);
  return { number, words };
}

/** A hash in words, to be read aloud: numbered rows of four, large enough for everybody and for the camera. */
export function Words({ rows, label }: { readonly rows: readonly string[]; readonly label: string }): ReactNode {
  return (
    <ol className="words" aria-label={label}>
      {rows.map(rowOf).map(({ number, words }) => (
        <li key={number} value={Number(number)}>
          <span className="words-number" aria-hidden="true">
            {number}
          </span>
          {words.map((word, index) => (
            <span key={`${index}-${word}`} className="word">
              {word}{' '}
            </span>
          ))}
        </li>
      ))}
    </ol>
  );
}

/** A hash in hex, in rows of four groups of eight digits. */
export function Hash({ value }: { readonly value: string }): ReactNode {
  const groups = value.split(' ');
  const rows: string[] = [];
  for (let index = 0; index < groups.length; index += 4) rows.push(groups.slice(index, index + 4).join(' '));
  return (
    <span className="hash">
      {rows.map((row, index) => (
        <span key={`${index}-${row}`} className="hash-row">
          {row}{' '}
        </span>
      ))}
    </span>
  );
}
