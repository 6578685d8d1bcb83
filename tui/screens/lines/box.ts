import { cells, padded, shortened } from './cells.ts';
import type { Line, Tone } from './line.ts';
import { visible } from '../../../core/ceremony/visible.ts';
import { wrap } from './wrap.ts';

/** A text in a frame, as large as a terminal lets it be: what it is about cannot be missed. */
export function boxLines(title: string, body: string, width: number, tone?: Tone): readonly Line[] {
  const inner = Math.max(8, width - 4);
  const label = ` ${shortened(title, inner - 2)} `;
  const look = tone === undefined ? { bold: true } : { bold: true, tone };
  const edge = (text: string): Line => [{ text, ...(tone === undefined ? {} : { tone }) }];
  return [
    edge(`┌─${label}${'─'.repeat(Math.max(0, inner + 1 - cells(label)))}┐`),
    ...body
      .split('\n')
      .flatMap((row) => wrap(visible(row), inner))
      .map((row): Line => [{ text: '│ ' }, { text: padded(row, inner), ...look }, { text: ' │' }]),
    edge(`└${'─'.repeat(inner + 2)}┘`),
  ];
}
