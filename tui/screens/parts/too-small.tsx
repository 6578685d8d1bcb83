import { Text } from 'ink';
import type { ReactNode } from 'react';
import { smallest } from '../layout.ts';
import { text } from '../text.ts';

/** Says so where a window is too small to show everything that must be read. */
export function TooSmall({ columns, rows }: { readonly columns: number; readonly rows: number }): ReactNode {
  return <Text>{text.tooSmall(columns, rows, `${smallest.columns} × ${smallest.rows}`)}</Text>;
}
