import type { ReactNode } from 'react';
import { typedWords } from '../../../core/ceremony/typed-words.ts';
import { frameRows } from '../entries/frame-rows.ts';
import { WordEntry } from '../entries/word-entry.tsx';
import { text } from '../text.ts';
import type { Overlay } from './stage.tsx';

/** What can be decided now: an act being done is never cut short, and a script is not a reason to stop for good. */
export type LeaveKind = 'free' | 'working' | 'watching';

interface LeaveDialogProps {
  readonly kind: LeaveKind;
  readonly rows: number;
  readonly decide: (word: string) => Promise<string | undefined>;
  readonly back: () => void;
}

const instructions: Readonly<Record<LeaveKind, string>> = {
  free: text.leave.instruction,
  working: text.leave.whileWorking,
  watching: text.leave.onlyLeave,
};

const words: Readonly<Record<LeaveKind, readonly string[]>> = {
  free: [typedWords.pause, typedWords.note, typedWords.leave, typedWords.stop],
  working: [typedWords.leave],
  watching: [typedWords.leave],
};

function LeaveDialog({ kind, rows, decide, back }: LeaveDialogProps): ReactNode {
  return (
    <WordEntry
      who={text.leave.title}
      instruction={instructions[kind]}
      words={words[kind]}
      keys={text.keys.leave}
      rows={rows}
      enter={decide}
      escape={back}
    />
  );
}

/** What Ctrl-C brings up: never the end of anything by itself. */
export function leaveOverlay(props: Omit<LeaveDialogProps, 'rows'>, columns: number): Overlay {
  const rows = frameRows(instructions[props.kind], 0, 1, columns);
  return { rows, node: <LeaveDialog {...props} rows={rows} /> };
}
