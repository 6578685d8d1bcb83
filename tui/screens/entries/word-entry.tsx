import type { ReactNode } from 'react';
import { edited } from '../keys.ts';
import type { Line } from '../lines/line.ts';
import { text } from '../text.ts';
import { useKeys } from '../use-keys.ts';
import { useLive } from '../use-live.ts';
import { Frame } from './frame.tsx';
import { useAnswer, type Enter } from './use-answer.ts';

const longestWord = 40;

interface WordEntryProps {
  readonly who: string;
  readonly instruction: string;
  /** Words that are accepted, exactly as they are here. */
  readonly words: readonly string[];
  readonly between?: readonly Line[];
  readonly keys?: string;
  readonly rows: number;
  readonly enter: Enter<string>;
  readonly escape?: () => void;
}

/** Takes one of some words, typed in full. Anything else is refused and says so. */
export function WordEntry(props: WordEntryProps): ReactNode {
  const { who, instruction, words, between = [], keys = text.keys.line, rows, enter, escape } = props;
  const typed = useLive('');
  const answer = useAnswer();
  const submit = (word: string): void => {
    typed.set('');
    if (words.includes(word)) answer.give(() => enter(word));
    else answer.refuse(word === '' ? text.nothingTyped(words) : text.notAccepted(word, words));
  };
  useKeys((key) => {
    if (key.kind === 'escape') escape?.();
    else if (key.kind === 'enter') {
      submit(typed.get());
      return false;
    } else if (key.kind === 'character' && key.character === ' ' && typed.get() === '') answer.turn();
    else typed.set(edited(typed.get(), key, longestWord));
    return undefined;
  }, answer.active);
  return <Frame {...{ who, instruction, between, keys, rows }} typed={typed.get()} message={answer.message} />;
}
