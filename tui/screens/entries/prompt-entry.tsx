import type { ReactNode } from 'react';
import { answerFault, type Prompt } from '../../../core/ceremony/prompt.ts';
import type { Session } from '../../../core/ceremony/session.ts';
import { said } from '../said.ts';
import { text, wordOfChoice } from '../text.ts';
import { ChoiceEntry, type Item } from './choice-entry.tsx';
import { instructionOf } from './frame-rows.ts';
import { NamesEntry } from './names-entry.tsx';
import { PinEntry } from './pin-entry.tsx';
import { TextEntry } from './text-entry.tsx';
import { WordEntry } from './word-entry.tsx';

interface PromptEntryProps {
  readonly prompt: Prompt;
  readonly session: Pick<Session, 'answer' | 'secret'>;
  readonly columns: number;
  readonly rows: number;
}

/** A prompt's choices, numbered; what destroys or ends something needs a typed word. */
function itemsOf({ choices }: Extract<Prompt, { kind: 'choice' }>): readonly Item[] {
  return choices.map(({ value, label }, index) => {
    const word = wordOfChoice[value];
    return { key: String(index + 1), value, label, ...(word === undefined ? {} : { word }) };
  });
}

/** The entry for a prompt, by its kind. */
export function PromptEntry({ prompt, session, columns, rows }: PromptEntryProps): ReactNode {
  const who = text.mustAct(prompt.by);
  const instruction = instructionOf(prompt);
  const answer = (value: string | readonly string[]): Promise<string | undefined> => {
    const fault = answerFault(prompt, value);
    return fault === undefined ? said(session.answer(prompt.id, value)) : Promise.resolve(text.refused(fault));
  };
  switch (prompt.kind) {
    case 'word':
      return <WordEntry {...{ who, instruction, rows }} words={[prompt.word]} enter={answer} />;
    case 'text':
    case 'person':
      return <TextEntry {...{ prompt, rows }} enter={answer} />;
    case 'names':
      return <NamesEntry {...{ prompt, rows }} enter={answer} />;
    case 'secret':
      return <PinEntry {...{ prompt, rows }} enter={(pin) => said(session.secret(prompt.id, pin))} />;
    case 'choice':
      return <ChoiceEntry {...{ who, instruction, columns, rows }} items={itemsOf(prompt)} enter={answer} />;
  }
}
