import { Box, useWindowSize } from 'ink';
import { useContext, type ReactNode } from 'react';
import { bold } from '../lines/line.ts';
import { wrap } from '../lines/wrap.ts';
import { Lines } from '../parts/lines.tsx';
import { Rule } from '../parts/rule.tsx';
import { ReadingContext } from '../reading.ts';
import { text } from '../text.ts';
import { useKeys } from '../use-keys.ts';

const paging: ReadonlySet<string> = new Set(['tab', 'page-up', 'page-down']);

/** Leaves at any key but those that turn pages. */
export function AnyKey({ rows, leave }: { readonly rows: number; readonly leave: () => void }): ReactNode {
  const { columns } = useWindowSize();
  const reading = useContext(ReadingContext);
  useKeys((key) => {
    if (paging.has(key.kind)) return undefined;
    // Space turns the page on every other screen: here it must not leave.
    if (key.kind === 'character' && key.character === ' ') {
      reading.turn(1);
      return undefined;
    }
    leave();
    return false;
  }, reading.active);
  return (
    <Box flexDirection="column" height={rows} flexShrink={0}>
      <Rule title={text.end.area} columns={columns} />
      <Lines lines={wrap(text.end.anyKey, columns).map(bold)} rows={rows - 1} />
    </Box>
  );
}
