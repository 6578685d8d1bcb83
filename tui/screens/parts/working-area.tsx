import { Box, useAnimation, useWindowSize } from 'ink';
import type { ReactNode } from 'react';
import type { Next } from '../../../core/ceremony/next.ts';
import { bold, plain, type Line } from '../lines/line.ts';
import { text } from '../text.ts';
import { wrap } from '../lines/wrap.ts';
import { Lines } from './lines.tsx';
import { Rule } from './rule.tsx';

export const workingRows = 6;

const spinner = ['|', '/', '-', '\\'] as const;

function kindText(kind: Next['kind']): string {
  const kinds: Readonly<Record<string, string>> = text.working.kinds;
  return kinds[kind] ?? text.working.kinds.other;
}

/** What the program is doing, and for how long. */
export function WorkingArea({ kind, leaving }: { readonly kind: Next['kind']; readonly leaving: boolean }): ReactNode {
  const { columns } = useWindowSize();
  const { frame, time } = useAnimation({ interval: 250 });
  const seconds = Math.floor(time / 1000);
  const sign = spinner[frame % spinner.length] ?? '';
  const lines: readonly Line[] = [
    bold(`${sign} ${kindText(kind)} … ${text.working.elapsed(seconds)}`),
    plain(''),
    ...wrap(leaving ? text.working.leaving : text.working.patience, columns).map(plain),
  ];
  return (
    <Box flexDirection="column" height={workingRows} flexShrink={0}>
      <Rule title={text.working.title} columns={columns} />
      <Lines lines={lines} rows={workingRows - 1} />
    </Box>
  );
}
