/** Words that are typed in full, so that nothing irreversible happens by one key. Answers files never need them. */
export const typedWords = {
  begin: 'BEGIN',
  resume: 'RESUME',
  leave: 'LEAVE',
  stop: 'STOP',
  retry: 'RETRY',
  pause: 'PAUSE',
  note: 'NOTE',
} as const;

/** Whether this can be a mistyped word. A PIN that was typed into the wrong field is not repeated for the camera. */
export function mistyped(typed: string, words: readonly string[]): boolean {
  const longest = Math.max(...words.map(({ length }) => length));
  return /^[A-Za-z ]+$/u.test(typed) && typed.length <= longest + 3;
}

/** How words must be written: most are in capitals, those of a digest are not. */
export function inCapitals(words: readonly string[]): string {
  return words.every((word) => word === word.toUpperCase()) ? ', in capitals' : '';
}

/** Stands for a PIN however long it is. */
export const mask = '••••••••';
