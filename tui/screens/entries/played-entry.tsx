import type { ReactNode } from 'react';
import type { Prompt } from '../../../core/ceremony/prompt.ts';
import { text } from '../text.ts';
import { inputRows } from './frame-rows.ts';
import { Frame } from './frame.tsx';

interface PlayedEntryProps {
  readonly who: string;
  readonly instruction: string;
  readonly kind: Prompt['kind'];
  /** What the script answers; already a mask where it is a PIN. */
  readonly played: string;
  readonly rows: number;
}

/** An answer from a script, shown where people would have typed it. */
export function PlayedEntry({ who, instruction, kind, played, rows }: PlayedEntryProps): ReactNode {
  return (
    <Frame
      {...{ who, instruction, rows }}
      typed={played}
      typedRows={inputRows[kind]}
      message=""
      keys={text.keys.watching}
    />
  );
}
