export type Edit = readonly [from: string, to: string];

/** A text with the first of each of these replaced; what is not there would make a test of nothing. */
export function edited(text: string, ...edits: readonly Edit[]): string {
  return edits.reduce((whole, [from, to]) => {
    if (!whole.includes(from)) throw new Error(`the text has no "${from}"`);
    return whole.replace(from, to);
  }, text);
}
