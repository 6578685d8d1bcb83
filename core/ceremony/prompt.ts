import { misleadingAt } from '../ports/hidden-text.ts';
import { samePerson } from '../ports/same-person.ts';
import type { Role } from './roles.ts';

/** One line of what a person is shown. `hash` is hex to be compared; `words` is that hash to be read aloud. */
export interface Fact {
  readonly label: string;
  readonly value: string;
  readonly style?: 'plain' | 'hash' | 'words' | 'warning';
}

interface Asked {
  /** Unique within its act. */
  readonly id: string;
  readonly by: Role;
  /** The question or instruction, as a sentence. */
  readonly say: string;
  /** What the person must look at before answering. */
  readonly show?: readonly Fact[];
}

/** What a person is asked. The faces render these and know nothing of acts. */
export type Prompt =
  /** Type exactly this word: nothing irreversible happens by one key. */
  | (Asked & {
      readonly kind: 'word';
      readonly word: string;
      /** A share that this person, and nobody else, must be shown before they type the word. */
      readonly handOut?: { readonly token: string; readonly number: number; readonly of: number };
    })
  | (Asked & {
      readonly kind: 'text';
      readonly pattern?: string;
      /** The pattern as people read it, where it is not the plan's own. */
      readonly like?: string;
      readonly maximum: number;
    })
  | (Asked & { readonly kind: 'names'; readonly role: Role; readonly minimum: number; readonly maximum: number })
  /** One person types a name, their own where nothing else is said: one of `people` (anybody, while nobody was named yet), and none of `not`. */
  | (Asked & {
      readonly kind: 'person';
      readonly people: readonly string[];
      readonly not: readonly string[];
      /** It need not be their own: whoever sits at the keyboard says who it is. */
      readonly another?: true;
    })
  /** A PIN: never shown, never stored, never journaled. `keypad` when it is typed on the device itself. */
  | (Asked & {
      readonly kind: 'secret';
      readonly token: string;
      readonly keypad: boolean;
      /** It must be typed here: an empty entry is refused. */
      readonly required?: boolean;
      /** The PIN of the token's security officer, not of its user. */
      readonly officer?: true;
      /** A PIN that the token does not have yet: how long it must be, and of what symbols. */
      readonly chosen?: {
        readonly minimum: number;
        readonly maximum: number;
        readonly symbols?: string;
        /** What is entered repeats the entry before. */
        readonly again?: true;
      };
      /** A share of the PIN, not the PIN: `serial` is the token it must be of, `set` the set, where only one can be meant. */
      readonly share?: { readonly number: number; readonly of: number; readonly serial: string; readonly set?: string };
    })
  | (Asked & {
      readonly kind: 'choice';
      readonly choices: readonly { readonly value: string; readonly label: string }[];
    });

/** An answer as it is journaled. Secrets are `{ secret: true }` and nothing else. */
export type Answer = string | readonly string[] | { readonly secret: true };

/** A transcript must read as it was typed. */
function isUnreadable(text: string): boolean {
  return misleadingAt(text) !== -1;
}

/** Why an answer does not fit its prompt, or undefined. */
export function answerFault(prompt: Prompt, answer: Answer): string | undefined {
  switch (prompt.kind) {
    case 'secret':
      return typeof answer === 'object' && 'secret' in answer ? undefined : 'a PIN is expected here';
    case 'word':
      return answer === prompt.word ? undefined : `type ${prompt.word}, exactly`;
    case 'choice':
      return prompt.choices.some(({ value }) => value === answer) ? undefined : 'choose one of those listed';
    case 'text': {
      if (typeof answer !== 'string' || answer.trim() === '') return 'something must be entered';
      if (answer.length > prompt.maximum) return `at most ${prompt.maximum} characters`;
      if (isUnreadable(answer)) return 'it holds a character that cannot be read';
      const fits = prompt.pattern === undefined || new RegExp(`^(?:${prompt.pattern})$`, 'u').test(answer);
      return fits ? undefined : `it must look like ${prompt.like ?? prompt.pattern ?? ''}`;
    }
    case 'names':
      return namesFault(prompt, answer);
    case 'person':
      return personFault(prompt, answer);
  }
}

function isName(name: string): boolean {
  return samePerson(name).length >= 2 && name.length <= 100 && !isUnreadable(name);
}

function personFault({ people, not }: Extract<Prompt, { kind: 'person' }>, answer: Answer): string | undefined {
  if (typeof answer !== 'string' || !isName(answer)) return 'a name has 2 to 100 characters that can be read';
  const name = samePerson(answer);
  if (not.some((other) => samePerson(other) === name)) return `another person than ${answer} must say so`;
  const present = people.length === 0 || people.some((other) => samePerson(other) === name);
  return present ? undefined : `nobody called ${answer} was named as present`;
}

function namesFault(prompt: Extract<Prompt, { kind: 'names' }>, answer: Answer): string | undefined {
  if (!Array.isArray(answer)) return 'names are expected here';
  const names = answer as readonly string[];
  if (names.length < prompt.minimum || names.length > prompt.maximum) {
    const count = prompt.minimum === prompt.maximum ? `${prompt.minimum}` : `${prompt.minimum} to ${prompt.maximum}`;
    return `${count} ${prompt.role} must be named`;
  }
  if (!names.every(isName)) return 'a name has 2 to 100 characters that can be read';
  return new Set(names.map(samePerson)).size === names.length ? undefined : 'a person is named twice';
}
