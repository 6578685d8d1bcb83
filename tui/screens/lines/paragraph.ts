import { block, type Block, type Line } from './line.ts';
import { visible } from '../../../core/ceremony/visible.ts';
import { wrap } from './wrap.ts';

/** A heading word and a sentence: `Why: …`, wrapped under itself. */
export function paragraph(heading: string, sentence: string, width: number, gap = false): Block {
  const rows = wrap(`${heading}: ${visible(sentence)}`, width);
  const [first = '', ...rest] = rows;
  const opening: Line =
    heading !== '' && first.startsWith(`${heading}:`)
      ? [{ text: `${heading}:`, bold: true }, { text: first.slice(heading.length + 1) }]
      : [{ text: first }];
  return block([opening, ...rest.map((text): Line => [{ text }])], gap);
}

/** A sentence of its own. */
export function sentence(words: string, width: number, gap = true): Block {
  return block(
    wrap(visible(words), width).map((text): Line => [{ text }]),
    gap,
  );
}
