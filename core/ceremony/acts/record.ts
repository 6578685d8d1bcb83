import { z } from 'zod';
import { slugSchema } from '../../bundle/manifest.ts';
import { defineAct } from '../act.ts';
import { isSimplePattern } from '../answer-pattern.ts';
import { fact } from '../facts.ts';
import { actBase } from '../plan-types.ts';

const config = z.strictObject({
  do: z.literal('record'),
  /** Short name of what is recorded; answers files use it. */
  name: slugSchema,
  /** The question, as it is read aloud. */
  ask: z.string().min(5).max(300),
  /** A regular expression the answer must match whole, such as `[A-Z]{2}[0-9]{6}`. */
  pattern: z
    .string()
    .max(200)
    .refine(isSimplePattern, 'not a simple regular expression: no repeated groups, few repetitions and alternatives')
    .optional(),
  ...actBase,
});

/** Something people read off and write down: a tamper-bag number, a video file's name, a deviation. */
export const record = defineAct({
  name: 'record',
  config,
  intent: z.strictObject({}),
  outcome: z.strictObject({ value: z.string().max(500) }),
  references: () => ({}),
  describe: ({ ask }) => ({ headline: ask, why: 'It goes into the transcript for the auditor.', onToken: '' }),
  questions: ({ ask, by, pattern }) => {
    const [role = 'administrator'] = by;
    const base = { id: 'value', kind: 'text', by: role, say: ask, maximum: 500 } as const;
    return [pattern === undefined ? base : { ...base, pattern }];
  },
  prepare: () => Promise.resolve({}),
  confirmations: () => [],
  perform: (_, __, state) => {
    const value = state.current.answers['value'];
    return Promise.resolve({ value: typeof value === 'string' ? value : '' });
  },
  apply: ({ name }, _, { value }, { notes }) => ({ notes: { ...notes, [name]: value } }),
  summary: ({ ask }, _, { value }) => [fact(ask, value)],
});
