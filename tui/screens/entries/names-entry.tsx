import type { ReactNode } from 'react';
import { answerFault, type Prompt } from '../../../core/ceremony/prompt.ts';
import { edited } from '../keys.ts';
import { shortened } from '../lines/cells.ts';
import { plain, type Line } from '../lines/line.ts';
import { visible } from '../../../core/ceremony/visible.ts';
import { text } from '../text.ts';
import { useKeys } from '../use-keys.ts';
import { useLive } from '../use-live.ts';
import { inputRows, instructionOf, namesShown } from './frame-rows.ts';
import { Frame } from './frame.tsx';
import { useAnswer, type Enter } from './use-answer.ts';

type NamesPrompt = Extract<Prompt, { kind: 'names' }>;

interface NamesEntryProps {
  readonly prompt: NamesPrompt;
  readonly rows: number;
  readonly enter: Enter<readonly string[]>;
}

const longestName = 100;
const shownColumns = 56;

function listLines(names: readonly string[]): readonly Line[] {
  const shown = names.length > namesShown ? names.slice(1 - namesShown) : names;
  const earlier = names.length - shown.length;
  return [
    plain(text.namesSoFar(names.length)),
    ...(earlier === 0 ? [] : [plain(`    ${text.namesEarlier(earlier)}`)]),
    ...shown.map((name, index): Line => {
      const number = String(earlier + index + 1).padStart(2);
      return [{ text: `  ${number} ` }, { text: shortened(visible(name), shownColumns), bold: true }];
    }),
  ];
}

/** Why a name cannot join those before it, or undefined. */
function nameFault(prompt: NamesPrompt, names: readonly string[], name: string): string | undefined {
  if (names.length >= prompt.maximum) return text.namesFull;
  const fault = answerFault({ ...prompt, minimum: 0 }, [...names, name]);
  return fault === undefined ? undefined : text.refused(fault);
}

/** Takes names, one a line, and an empty line when everybody is named. */
export function NamesEntry({ prompt, rows, enter }: NamesEntryProps): ReactNode {
  const names = useLive<readonly string[]>([]);
  const typed = useLive('');
  const answer = useAnswer();
  const add = (name: string): void => {
    const fault = nameFault(prompt, names.get(), name);
    answer.refuse(fault ?? '');
    if (fault !== undefined) return;
    names.set([...names.get(), name]);
    typed.set('');
  };
  const finish = (): void => {
    const { length } = names.get();
    if (length < prompt.minimum) answer.refuse(text.namesTooFew(length, prompt.minimum));
    else answer.give(() => enter(names.get()));
  };
  useKeys((key) => {
    const line = typed.get();
    if (key.kind === 'enter') {
      if (line.trim() !== '') add(line.trim());
      else {
        finish();
        return false;
      }
    } else if (key.kind === 'erase' && line === '') names.set(names.get().slice(0, -1));
    else if (key.kind === 'character' && key.character === ' ' && line === '') answer.turn();
    else typed.set(edited(line, key, longestName));
    return undefined;
  }, answer.active);
  return (
    <Frame
      who={text.mustAct(prompt.by)}
      instruction={instructionOf(prompt)}
      between={listLines(names.get())}
      typed={typed.get()}
      typedRows={inputRows.names}
      message={answer.message}
      keys={text.keys.line}
      rows={rows}
    />
  );
}
