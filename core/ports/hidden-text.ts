/**
 * Characters that nobody sees or that act on the text around them: controls, line and paragraph separators, halves of
 * characters, direction marks, joiners, fillers, soft hyphens, tags. What people compare must not depend on them.
 */
const hidden = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}\u{fff9}-\u{fffb}]/gu;

/** Of those, what some scripts and signs are written with: shown spelt out, but no reason to refuse a text. */
const written = /^[\p{Join_Control}\p{Variation_Selector}]$/u;

/** A text with every such character replaced by what `spell` makes of it. */
export function spellHidden(text: string, spell: (character: string) => string): string {
  return text.replaceAll(hidden, spell);
}

/** Where in a text the first character stands that no honest text needs; -1 where there is none. */
export function misleadingAt(text: string): number {
  for (const { 0: character, index } of text.matchAll(hidden)) if (!written.test(character)) return index;
  return -1;
}
