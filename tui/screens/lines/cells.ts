const zeroWidth = /\p{Mn}|\p{Me}|\p{Cf}/u;
const doubleWidth =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{1F300}-\u{1FAFF}\u{20000}-\u{3FFFD}]/u;

function cellsOfCharacter(character: string): number {
  if (zeroWidth.test(character)) return 0;
  return doubleWidth.test(character) ? 2 : 1;
}

/** How many terminal columns a text takes. */
export function cells(text: string): number {
  let sum = 0;
  for (const character of text) sum += cellsOfCharacter(character);
  return sum;
}

/** The longest start of a text that fits into `width` columns; never empty, so that loops over it end. */
export function headThatFits(text: string, width: number): string {
  let sum = 0;
  let length = 0;
  for (const character of text) {
    sum += cellsOfCharacter(character);
    if (sum > width && length > 0) break;
    length += character.length;
  }
  return text.slice(0, length);
}

/** A text of at most `width` columns, with … where something was left out. */
export function shortened(text: string, width: number): string {
  return cells(text) <= width ? text : `${headThatFits(text, Math.max(1, width - 1))}…`;
}

/** A text filled up with spaces to `width` columns. */
export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - cells(text)));
}
