import { useState, type ReactNode } from 'react';
import { edited } from '../keys.ts';
import { text } from '../text.ts';
import { useKeys } from '../use-keys.ts';
import { useLive } from '../use-live.ts';
import { inputRows } from './frame-rows.ts';
import { Frame } from './frame.tsx';
import { useAnswer, type Enter } from './use-answer.ts';

const longestLine = 500;

interface LinesEntryProps {
  readonly who: string;
  /** What is asked, one line after the other. */
  readonly questions: readonly string[];
  readonly keys: string;
  readonly rows: number;
  readonly enter: Enter<readonly string[]>;
  readonly escape: () => void;
}

/** Takes several lines of text, one after the other, and hands all of them on together. */
export function LinesEntry({ who, questions, keys, rows, enter, escape }: LinesEntryProps): ReactNode {
  const [taken, setTaken] = useState<readonly string[]>([]);
  const typed = useLive('');
  const answer = useAnswer();
  const submit = (line: string): void => {
    if (line.length < 3) {
      answer.refuse(text.refused(text.aside.tooShort));
      return;
    }
    const all = [...taken, line];
    typed.set('');
    answer.refuse('');
    // What is refused is the last line, mostly a name: only that one is asked for again.
    if (all.length < questions.length) setTaken(all);
    else answer.give(() => enter(all));
  };
  useKeys((key) => {
    if (key.kind === 'escape') escape();
    else if (key.kind === 'enter') {
      submit(typed.get().trim());
      return false;
    } else typed.set(edited(typed.get(), key, longestLine));
    return undefined;
  }, answer.active);
  return (
    <Frame
      {...{ who, keys, rows }}
      instruction={questions[taken.length] ?? ''}
      typed={typed.get()}
      typedRows={inputRows.text}
      message={answer.message}
    />
  );
}
