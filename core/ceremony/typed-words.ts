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

/** Stands for a PIN however long it is. */
export const mask = '••••••••';
