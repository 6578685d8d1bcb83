import { Box, useWindowSize } from 'ink';
import type { ReactNode } from 'react';
import { layoutOf, smallest } from '../layout.ts';
import type { Block } from '../lines/line.ts';
import { ReadingContext, type Reading } from '../reading.ts';
import type { Snapshot } from '../../../core/ceremony/session.ts';
import { useKeys } from '../use-keys.ts';
import { usePanes } from '../use-panes.ts';
import { Body } from './body.tsx';
import { Header } from './header.tsx';
import { TooSmall } from './too-small.tsx';

/** Something asked in place of the area below, which waits behind it. */
export interface Overlay {
  readonly rows: number;
  readonly node: ReactNode;
}

interface StageProps {
  readonly snapshot: Snapshot;
  /** What the main pane is about. */
  readonly title: string;
  readonly blocks: (columns: number) => readonly Block[];
  /** Where people act: always in sight, `areaRows` high. */
  readonly area: ReactNode;
  readonly areaRows: number;
  /** Whether every page must have been up before anything can be answered. */
  readonly mustRead: boolean;
  readonly overlay: Overlay | undefined;
}

/** Every screen: a header, something to read page by page, and at the bottom the place where people act. */
export function Stage(props: StageProps): ReactNode {
  const { snapshot, title, blocks, area, areaRows, mustRead, overlay } = props;
  const size = useWindowSize();
  const layout = layoutOf(size, overlay?.rows ?? areaRows);
  const panes = usePanes(snapshot, blocks, layout);
  const shown = panes[panes.shown];
  useKeys((key) => {
    if (key.kind === 'tab') panes.next();
    else if (key.kind === 'page-down') shown.turn(1);
    else if (key.kind === 'page-up') shown.turn(-1);
    return undefined;
  }, true);
  const tooSmall = size.columns < smallest.columns || size.rows < smallest.rows;
  const covered = overlay !== undefined || tooSmall;
  const reading: Reading = {
    unread: mustRead && !panes.act.read,
    active: !covered && !snapshot.busy,
    turn: shown.turn,
  };
  return (
    <Box flexDirection="column" height={size.rows} width={size.columns} overflow="hidden">
      {tooSmall ? <TooSmall {...size} /> : null}
      <Box flexDirection="column" display={tooSmall ? 'none' : 'flex'}>
        <Header snapshot={snapshot} columns={size.columns} />
        <Body title={title} panes={panes} layout={layout} />
        <Box flexDirection="column" flexShrink={0} display={overlay === undefined ? 'flex' : 'none'}>
          <ReadingContext.Provider value={reading}>{area}</ReadingContext.Provider>
        </Box>
        {overlay?.node}
      </Box>
    </Box>
  );
}
