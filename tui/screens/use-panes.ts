import { useState } from 'react';
import type { Layout } from './layout.ts';
import { lineText, type Block } from './lines/line.ts';
import { actListBlocks, peopleBlocks, transcriptLines } from './lines/pane-blocks.ts';
import { paginate, paginateFromEnd } from './lines/pages.ts';
import type { Snapshot } from '../../core/ceremony/session.ts';
import { text } from './text.ts';
import { usePages, type FirstPage, type Pages } from './use-pages.ts';

const order = ['act', 'acts', 'transcript'] as const;
type PaneName = (typeof order)[number];

/** What can be looked at, and which of it PgUp and PgDn turn. */
export interface Panes extends Readonly<Record<PaneName, Pages>> {
  readonly shown: PaneName;
  /** Rows of the two panes of the second column. */
  readonly actsRows: number;
  readonly transcriptRows: number;
  readonly next: () => void;
}

const atCurrent: FirstPage = (pages) =>
  Math.max(
    0,
    pages.findIndex((page) => page.some((line) => lineText(line).startsWith(text.marks.current))),
  );
const atEnd: FirstPage = (pages) => pages.length - 1;

/** The three panes of every screen, laid out for a window. */
export function usePanes(
  { view, state }: Snapshot,
  main: (columns: number) => readonly Block[],
  layout: Layout,
): Panes {
  const [shown, setShown] = useState<PaneName>('act');
  const { wide, bodyRows, mainColumns, sideColumns } = layout;
  const columns = wide ? sideColumns : mainColumns;
  const overview = [...actListBlocks(view, columns), ...peopleBlocks(view, columns)];
  const overviewRows = overview.reduce((sum, { lines, gap }) => sum + lines.length + (gap ? 1 : 0), 0);
  const actsRows = wide ? Math.max(1, Math.min(overviewRows, Math.floor((bodyRows - 1) * 0.6))) : bodyRows;
  const transcriptRows = wide ? Math.max(1, bodyRows - actsRows - 1) : bodyRows;
  return {
    shown,
    actsRows,
    transcriptRows,
    act: usePages(paginate(main(mainColumns), bodyRows)),
    acts: usePages(paginate(overview, actsRows), atCurrent),
    transcript: usePages(paginateFromEnd(transcriptLines(state, columns), transcriptRows), atEnd),
    next: () => {
      setShown((now) => order[(order.indexOf(now) + 1) % order.length] ?? 'act');
    },
  };
}
