/** What the program's exit status means. Printed by every `--help`. */
export const exitCodes = {
  done: 0,
  unexpected: 1,
  usage: 2,
  refused: 3,
  actFailed: 4,
  aborted: 5,
  notVerified: 6,
} as const;

export const exitCodeHelp: readonly (readonly [number, string])[] = [
  [0, 'done'],
  [1, 'an error of the program or the machine; its last line says what to do'],
  [2, 'the command line is wrong'],
  [3, 'refused before anything was touched: plan, binding, answers, token state, files'],
  [4, 'an act failed; the ceremony can be resumed'],
  [5, 'the ceremony was stopped by the people holding it'],
  [6, 'a bundle, journal, certificate or CRL does not verify'],
];
