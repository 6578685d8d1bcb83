import type { ReactNode } from 'react';
import type { Prompt } from '../../../core/ceremony/prompt.ts';
import { edited } from '../keys.ts';
import { text } from '../text.ts';
import { useKeys } from '../use-keys.ts';
import { useLive } from '../use-live.ts';
import { inputRows, instructionOf } from './frame-rows.ts';
import { Frame } from './frame.tsx';
import { useAnswer, type Enter } from './use-answer.ts';

interface TextEntryProps {
  readonly prompt: Extract<Prompt, { kind: 'text' | 'person' }>;
  readonly rows: number;
  readonly enter: Enter<string>;
}

const longestName = 100;

/** Takes a line of text. What was refused stays, to be corrected. */
export function TextEntry({ prompt, rows, enter }: TextEntryProps): ReactNode {
  const typed = useLive('');
  const answer = useAnswer();
  useKeys((key) => {
    if (key.kind === 'enter') {
      const value = typed.get().trim();
      answer.give(() => enter(value));
      return false;
    }
    if (key.kind === 'character' && key.character === ' ' && typed.get() === '') answer.turn();
    else typed.set(edited(typed.get(), key, prompt.kind === 'text' ? prompt.maximum : longestName));
    return undefined;
  }, answer.active);
  return (
    <Frame
      who={text.mustAct(prompt.by)}
      instruction={instructionOf(prompt)}
      typed={typed.get()}
      typedRows={inputRows[prompt.kind]}
      message={answer.message}
      keys={text.keys.line}
      rows={rows}
    />
  );
}
