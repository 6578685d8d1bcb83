import { Box, useWindowSize } from 'ink';
import type { ReactNode } from 'react';
import { cells, headThatFits, shortened } from '../lines/cells.ts';
import { bold, plain, type Line } from '../lines/line.ts';
import { visible } from '../../../core/ceremony/visible.ts';
import { wrap } from '../lines/wrap.ts';
import { Lines } from '../parts/lines.tsx';
import { Rule } from '../parts/rule.tsx';
import { statusRows } from './frame-rows.ts';

export interface FrameProps {
  /** Who acts, as the rule above says it. */
  readonly who: string;
  readonly instruction: string;
  /** Lines between the instruction and what is typed. */
  readonly between?: readonly Line[];
  /** What is typed so far, as it may be shown; absent where nothing is typed. */
  readonly typed?: string;
  readonly typedRows?: number;
  /** Why the last answer was not accepted. */
  readonly message: string;
  readonly keys: string;
  readonly rows: number;
}

/** What is typed, its end always in sight. */
function typedLines(typed: string, columns: number, rows: number): readonly Line[] {
  const room = columns - 4;
  const found: string[] = [];
  let rest = `${visible(typed)}_`;
  while (cells(rest) > room) {
    const head = headThatFits(rest, room);
    found.push(head);
    rest = rest.slice(head.length);
  }
  const shown = [...found, rest].slice(-rows);
  return shown.map((row, index): Line => {
    const lead = index > 0 ? '  ' : shown.length <= found.length ? '… ' : '> ';
    return [
      { text: lead, bold: true },
      { text: row, bold: true },
    ];
  });
}

function statusLines(message: string, keys: string, columns: number): readonly Line[] {
  const said = message === '' ? [] : wrap(`! ${visible(message)}`, columns);
  const lines = said.slice(0, statusRows).map((row, index): Line => {
    const cut = index === statusRows - 1 && said.length > statusRows;
    return [{ text: cut ? shortened(`${row} …`, columns) : row, bold: true, tone: 'failure' }];
  });
  if (lines.length === statusRows) return lines;
  const empty = Array.from({ length: statusRows - 1 - lines.length }, () => plain(''));
  return [...lines, ...empty, plain(shortened(keys, columns))];
}

/** The area where people act: always in the same place, always as high as it says. */
export function Frame(props: FrameProps): ReactNode {
  const { columns } = useWindowSize();
  const { who, instruction, between = [], typed, typedRows = 1, message, keys, rows } = props;
  const above = [...wrap(visible(instruction), columns).map(bold), ...between];
  const entered = typed === undefined ? [] : typedLines(typed, columns, typedRows);
  return (
    <Box flexDirection="column" height={rows} flexShrink={0}>
      <Rule title={who} columns={columns} />
      <Lines lines={[...above, ...entered]} rows={rows - 1 - statusRows} />
      <Lines lines={statusLines(message, keys, columns)} rows={statusRows} />
    </Box>
  );
}
