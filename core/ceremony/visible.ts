import { spellHidden } from '../ports/hidden-text.ts';

/** A text in which every character that a face would act on, or that cannot be seen, is spelt out. */
export function visible(text: string): string {
  return spellHidden(text, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/** The same for a text of several lines, which stay lines. */
export function visibleLines(text: string): string {
  return text.split('\n').map(visible).join('\n');
}
