import { z } from 'zod';
import { defineAct } from '../act.ts';
import { confirmWord, fact } from '../facts.ts';
import { actBase } from '../plan-types.ts';

const config = z.strictObject({
  do: z.literal('confirm'),
  /** What is confirmed, as a sentence that is read aloud. */
  say: z.string().min(5).max(500),
  /** The word each role in `by` types. */
  word: z
    .string()
    .regex(/^[A-Z]{2,20}$/u, 'not a word of 2 to 20 capital letters')
    .default('CONFIRMED'),
  ...actBase,
});

/** A sentence that people confirm by typing a word: bags opened, cameras running, safe closed. */
export const confirm = defineAct({
  name: 'confirm',
  config,
  intent: z.strictObject({}),
  outcome: z.strictObject({}),
  references: () => ({}),
  describe: ({ say }) => ({ headline: say, why: 'The plan asks for this to be confirmed.', onToken: '' }),
  questions: (own) => confirmWord(own, own.word, own.say, []),
  prepare: () => Promise.resolve({}),
  confirmations: () => [],
  perform: () => Promise.resolve({}),
  apply: () => ({}),
  summary: ({ say, by }) => [fact('confirmed', say), fact('by', by.join(', '))],
});
