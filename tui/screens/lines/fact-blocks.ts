import type { Fact } from '../../../core/ceremony/prompt.ts';
import { text } from '../text.ts';
import { cells, padded } from './cells.ts';
import { block, type Block, type Line, type Span } from './line.ts';
import { visible } from '../../../core/ceremony/visible.ts';
import { wrap } from './wrap.ts';

/** Fewest and most columns for labels, and the narrowest row on which they stand beside their values. */
const fewestLabelColumns = 12;
const mostLabelColumns = 32;
const narrow = 56;
const indent = 4;

/** A hash in groups of eight reads best in rows of four groups or of all eight. */
const fourGroups = 35;
const eightGroups = 71;

function hashColumns(room: number): number {
  return room >= eightGroups ? eightGroups : Math.min(room, fourGroups);
}

/** Where a fact is shown: on rows of `width` columns, `label` of them for labels. */
interface Room {
  readonly width: number;
  readonly label: number;
}

function labelled(
  label: string,
  value: string,
  { width, label: labelColumns }: Room,
  columns: (room: number) => number,
): readonly Line[] {
  const rest = width - labelColumns;
  const values = value.split('\n').map((row) => cells(visible(row)));
  // In a narrow window a long value stands better below its label than squeezed beside it.
  const beside = cells(label) < labelColumns && (width >= narrow || Math.max(...values) <= rest);
  const margin = beside ? labelColumns : indent;
  const room = Math.max(1, width - margin);
  const rows = value.split('\n').flatMap((row) => wrap(visible(row), columns(room)));
  const lines = rows.map((row, index): Line => {
    const left = beside && index === 0 ? padded(label, margin) : ' '.repeat(margin);
    return [{ text: left }, { text: row, bold: true }];
  });
  return beside ? lines : [...wrap(label, width).map((row): Line => [{ text: row }]), ...lines];
}

function warningLines({ label, value }: Fact, width: number): readonly Line[] {
  const look: Omit<Span, 'text'> = { bold: true, tone: 'warning' };
  const [first = '', ...rest] = wrap(
    `${text.warning}  ${visible(label)}: ${visible(value.replaceAll('\n', ' / '))}`,
    width - indent,
  );
  return [[{ text: first, ...look }], ...rest.map((row): Line => [{ text: ' '.repeat(indent) + row, ...look }])];
}

function wordsLines({ label, value }: Fact, width: number): readonly Line[] {
  const rows = value.split('\n').flatMap((row) => wrap(visible(row), width - indent));
  return [
    [{ text: text.readAloud(visible(label)) }],
    ...rows.map((row): Line => [{ text: ' '.repeat(indent) }, { text: row, bold: true }]),
  ];
}

function factLines(fact: Fact, room: Room): readonly Line[] {
  switch (fact.style ?? 'plain') {
    case 'warning':
      return warningLines(fact, room.width);
    case 'words':
      return wordsLines(fact, room.width);
    case 'hash':
      return labelled(visible(fact.label), fact.value, room, hashColumns);
    case 'plain':
      return labelled(visible(fact.label), fact.value, room, (columns) => columns);
  }
}

/**
 * Columns for labels, so that the facts take the fewest rows: a wide column breaks values, a narrow one puts labels on
 * rows of their own.
 */
function labelColumnsFor(facts: readonly Fact[], width: number): number {
  const most = Math.min(mostLabelColumns, Math.floor(width / 2.5));
  const wanted = facts.map(({ label }) => cells(visible(label)) + 2);
  const tried = [...new Set([fewestLabelColumns, ...wanted])].filter((columns) => columns <= most);
  const rowsWith = (label: number): number =>
    facts.reduce((sum, fact) => sum + factLines(fact, { width, label }).length, 0);
  let best = fewestLabelColumns;
  let fewest = rowsWith(best);
  for (const columns of tried.toSorted((one, other) => one - other)) {
    const rows = rowsWith(columns);
    // Of two that take as many rows, the wider one has more labels beside their values.
    if (rows <= fewest) [best, fewest] = [columns, rows];
  }
  return best;
}

/** Facts as blocks: a digest and its words stay on one page, so that they can be read in one go. */
export function factBlocks(facts: readonly Fact[], width: number): readonly Block[] {
  const room = { width, label: labelColumnsFor(facts, width) };
  const blocks: Block[] = [];
  for (const [index, fact] of facts.entries()) {
    const lines = factLines(fact, room);
    const last = blocks.at(-1);
    if (fact.style === 'words' && facts[index - 1]?.style === 'hash' && last !== undefined) {
      blocks[blocks.length - 1] = block([...last.lines, ...lines]);
    } else {
      blocks.push(block(lines, index === 0 || fact.style === 'words' || fact.style === 'hash'));
    }
  }
  return blocks;
}
