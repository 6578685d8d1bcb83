import { z } from 'zod';
import { samePerson } from '../ports/same-person.ts';
import { slugSchema } from '../bundle/manifest.ts';
import { parseStrictYaml, type YamlVerdict } from '../profile/strict-yaml.ts';
import { openerPromptId } from './acts/change-custodians.ts';
import { ceremonyError } from './ceremony-error.ts';
import type { Prompt } from './prompt.ts';

const names = z.array(z.string().min(2).max(100)).max(20).default([]);

const pinFiles = z.record(slugSchema, z.strictObject({ file: z.string().min(1).max(1000) })).default({});

const shareFiles = z
  .record(slugSchema, z.array(z.strictObject({ file: z.string().min(1).max(1000) })).max(15))
  .default({});

/** Answers for a ceremony nobody sits at: a rehearsal, a test, a CI run. PINs are named by file, never written here. */
export const answersSchema = z.strictObject({
  'coldroot-answers': z.literal(1),
  people: z.strictObject({ administrator: names, officer: names, witness: names, auditor: names }),
  /** Types the word every confirmation asks for. There is no way to confirm only some: that is what people are for. */
  confirm: z.literal('everything'),
  /** Answers to `record` acts, by their name. */
  records: z.record(slugSchema, z.string().max(500)).default({}),
  /** PIN files by token, mode 0600: relative paths count from this file's folder. */
  pins: pinFiles,
  /** PIN files of security officers, for tokens that the plan initialises. */
  'so-pins': pinFiles,
  /** Files with shares of a token’s PIN, in their order; and files that new shares are written to. Rehearsals only. */
  shares: shareFiles,
  'new-shares': shareFiles,
  /** What a script answers where two people look at their watches: it has none. Rehearsals only. */
  clock: z.literal('machine').optional(),
  /**
   * What to do with a key that an interruption left behind; `adopt` destroys half a key, which nobody can adopt. Where a PIN
   * may have been replaced, `adopt` tries the new shares and `destroy` what opened the token before.
   */
  found: z.enum(['adopt', 'destroy', 'abort']).default('abort'),
});
export type Answers = z.infer<typeof answersSchema>;

/** Reads an answers file; refusals name line and column. */
export function parseAnswers(text: string, file: string): YamlVerdict<Answers> {
  return parseStrictYaml(text, file, answersSchema);
}

/** What the answers file says to a prompt; secrets are the caller's to fetch. `recordName` names a `record` act; `now` is the machine's time, where that is asked. */
export function scriptedAnswer(
  prompt: Exclude<Prompt, { kind: 'secret' }>,
  answers: Answers,
  recordName: string | undefined,
  now?: string,
): string | readonly string[] {
  switch (prompt.kind) {
    case 'word':
      return prompt.word;
    case 'names':
      return answers.people[prompt.role];
    case 'person': {
      const named = prompt.people.length > 0 ? prompt.people : Object.values(answers.people).flat();
      const taken = prompt.not.map(samePerson);
      return named.find((name) => !taken.includes(samePerson(name))) ?? '';
    }
    case 'choice': {
      const [before, after] = prompt.choices;
      if (prompt.id === openerPromptId && answers.found !== 'abort') {
        return (answers.found === 'adopt' ? after : before)?.value ?? '';
      }
      const possible = prompt.choices.some(({ value }) => value === answers.found);
      return possible || answers.found !== 'adopt' ? answers.found : 'destroy';
    }
    case 'text': {
      const value = recordName === undefined ? undefined : answers.records[recordName];
      if (value !== undefined) return value;
      if (now !== undefined && answers.clock !== undefined) return now;
      throw ceremonyError(
        'answers-missing',
        `The answers file has no answer to "${prompt.say}"`,
        now === undefined
          ? `Add it under records${recordName === undefined ? '' : `, as "${recordName}"`}.`
          : 'Add "clock: machine".',
      );
    }
  }
}
