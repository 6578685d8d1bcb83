import type { Prompt } from '../../../core/ceremony/prompt.ts';
import { secretName } from '../../../core/ceremony/secret-name.ts';
import { text } from '../text.ts';
import { wrap } from '../lines/wrap.ts';

/** Rows for a refusal, or for a short one and the keys. */
export const statusRows = 3;
/** Names that are shown while more are typed. */
export const namesShown = 4;
/** Rows of what is typed, by kind of prompt: a long text goes on in the next row. */
export const inputRows: Readonly<Record<Prompt['kind'], number>> = {
  word: 1,
  choice: 1,
  secret: 1,
  person: 2,
  names: 2,
  text: 3,
};

/** Height of an area: its rule, what to do, whatever stands between, what is typed, and the status. */
export function frameRows(instruction: string, between: number, typed: number, columns: number): number {
  return 1 + wrap(instruction, columns).length + between + typed + statusRows;
}

/** What a person has to do with their hands now. */
export function instructionOf(prompt: Prompt): string {
  switch (prompt.kind) {
    case 'word':
      return text.typeWord([prompt.word]);
    case 'text':
      return text.typeText;
    case 'person':
      return prompt.another === true ? text.typeAnother : text.typePerson;
    case 'names':
      return text.typeNames(prompt.role, prompt.minimum, prompt.maximum);
    case 'secret':
      if (prompt.share !== undefined) return text.typeShare(prompt.share);
      return prompt.keypad ? text.useKeypad(prompt.token) : text.typePin(secretName(prompt), prompt.token);
    case 'choice':
      return text.choose;
  }
}

/** Height of a menu, in both of its steps: choosing, and typing the word for what was chosen. */
export function menuRows(
  instruction: string,
  items: readonly { readonly label: string; readonly word?: string }[],
  columns: number,
): number {
  const lines = items.map(({ label }) => wrap(label, columns - 6).length);
  const between = lines.reduce((sum, count) => sum + count, 0);
  const steps = items.map(({ label, word = '' }) => frameRows(text.chosenNeedsWord(label, word), between, 1, columns));
  return Math.max(frameRows(instruction, between, 1, columns), ...steps);
}

/** Height of the area for a prompt. */
export function promptRows(prompt: Prompt, columns: number): number {
  const instruction = instructionOf(prompt);
  if (prompt.kind === 'choice') return menuRows(instruction, prompt.choices, columns);
  const between = prompt.kind === 'names' ? 1 + Math.min(namesShown, prompt.maximum) : 0;
  return frameRows(instruction, between, inputRows[prompt.kind], columns);
}
