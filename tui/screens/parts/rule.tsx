import type { ReactNode } from 'react';
import { cells, shortened } from '../lines/cells.ts';
import type { Line } from '../lines/line.ts';
import { Lines } from './lines.tsx';

interface RuleProps {
  readonly title: string;
  readonly note?: string;
  readonly columns: number;
}

/** A horizontal line with a title, and a note at its right end. */
function ruleLine({ title, note = '', columns }: RuleProps): Line {
  const right = note === '' ? '' : ` ${note} ──`;
  const left = shortened(title, Math.max(4, columns - cells(right) - 6));
  const fill = '─'.repeat(Math.max(1, columns - cells(left) - cells(right) - 4));
  return [{ text: '── ' }, { text: left, bold: true }, { text: ` ${fill}` }, { text: right, bold: true }];
}

export function Rule(props: RuleProps): ReactNode {
  return <Lines lines={[ruleLine(props)]} />;
}
