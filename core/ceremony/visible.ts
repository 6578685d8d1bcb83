/** Control characters, and those that reorder or hide text: a hostile CSR's subject may hold any of them. */
const unsafe = /[\p{Cc}\p{Zl}\p{Zp}\u061C\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF\p{Cs}]/gu;

/** A text in which every character that a face would act on, or that cannot be seen, is spelt out. */
export function visible(text: string): string {
  return text.replaceAll(unsafe, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/** The same for a text of several lines, which stay lines. */
export function visibleLines(text: string): string {
  return text.split('\n').map(visible).join('\n');
}
