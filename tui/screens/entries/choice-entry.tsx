import { useState, type ReactNode } from 'react';
import { plain, type Line } from '../lines/line.ts';
import { visible } from '../../../core/ceremony/visible.ts';
import { wrap } from '../lines/wrap.ts';
import { text } from '../text.ts';
import { useKeys } from '../use-keys.ts';
import { useLive } from '../use-live.ts';
import { Frame } from './frame.tsx';
import { useAnswer, type Enter } from './use-answer.ts';
import { WordEntry } from './word-entry.tsx';

/** One thing that can be chosen; `word` must be typed on top of Enter. */
export interface Item {
  /** The key that marks it: a digit or a capital letter. */
  readonly key: string;
  readonly value: string;
  readonly label: string;
  readonly word?: string;
}

interface ChoiceEntryProps {
  readonly who: string;
  readonly instruction: string;
  readonly items: readonly Item[];
  /** The key of an item with a word goes straight on to typing that word. */
  readonly direct?: boolean;
  readonly columns: number;
  readonly rows: number;
  readonly enter: Enter<string>;
}

function itemLines(items: readonly Item[], marked: number, columns: number): readonly Line[] {
  return items.flatMap(({ key, label }, index) =>
    wrap(visible(label), columns - 6).map((row, line): Line => {
      const lead = line > 0 ? '      ' : `${index === marked ? ' >' : '  '} ${key}. `;
      return index === marked ? [{ text: lead + row, bold: true }] : plain(lead + row);
    }),
  );
}

/** Takes one of several choices: marked by arrow or key, taken by Enter, and by a typed word where it cannot be undone. */
export function ChoiceEntry(props: ChoiceEntryProps): ReactNode {
  const { who, instruction, items, direct = false, columns, rows, enter } = props;
  const marked = useLive(0);
  const [chosen, setChosen] = useState<Item | undefined>(undefined);
  const answer = useAnswer();
  const take = (item: Item | undefined): void => {
    if (item === undefined) return;
    if (item.word === undefined) answer.give(() => enter(item.value));
    else setChosen(item);
  };
  useKeys(
    (key) => {
      const { length } = items;
      if (key.kind === 'up') marked.set((marked.get() + length - 1) % length);
      else if (key.kind === 'down') marked.set((marked.get() + 1) % length);
      else if (key.kind === 'enter') {
        take(items[marked.get()]);
        return false;
      } else if (key.kind === 'character') {
        const index = items.findIndex((item) => item.key === key.character.toUpperCase());
        if (key.character === ' ') answer.turn();
        if (index === -1) return undefined;
        marked.set(index);
        if (!direct) return undefined;
        take(items[index]);
        return false;
      }
      return undefined;
    },
    answer.active && chosen === undefined,
  );
  const between = itemLines(items, marked.get(), columns);
  if (chosen?.word !== undefined) {
    const { label, word, value } = chosen;
    return (
      <WordEntry
        {...{ who, rows, between }}
        instruction={text.chosenNeedsWord(label, word)}
        words={[word]}
        enter={() => enter(value)}
        escape={() => {
          setChosen(undefined);
        }}
      />
    );
  }
  return <Frame {...{ who, instruction, between, rows }} message={answer.message} keys={text.keys.line} />;
}
