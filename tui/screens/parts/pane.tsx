import { Box } from 'ink';
import type { ReactNode } from 'react';
import { text } from '../text.ts';
import type { Pages } from '../use-pages.ts';
import { Lines } from './lines.tsx';
import { Rule } from './rule.tsx';

interface PaneProps {
  readonly title: string;
  readonly pages: Pages;
  readonly columns: number;
  /** Rows below the title. */
  readonly rows: number;
  /** Whether PgUp and PgDn turn this one's pages. */
  readonly focused: boolean;
}

const roomForMore = 60;

/** The place among the pages, and that there is more to read where there is room to say so. */
function noteOf({ number, total, read }: Pages, columns: number): string {
  if (total === 1) return '';
  const place = text.page(number, total);
  return read || number === total || columns < roomForMore ? place : `${place}, ${text.more}`;
}

/** A titled part of the screen that shows one page of something. */
export function Pane({ title, pages, columns, rows, focused }: PaneProps): ReactNode {
  return (
    <Box flexDirection="column" width={columns} flexShrink={0}>
      <Rule title={focused ? `» ${title}` : title} note={noteOf(pages, columns)} columns={columns} />
      <Lines lines={pages.lines} rows={rows} />
    </Box>
  );
}
