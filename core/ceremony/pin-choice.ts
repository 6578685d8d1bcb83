import { z } from 'zod';
import type { Refusal } from '../ports/coded-error.ts';
import type { ActPorts, PlanFault } from './act.ts';
import { ceremonyError } from './ceremony-error.ts';
import { diceFaults, diceTableSchema, diceText } from './dice.ts';
import type { Fact, Prompt } from './prompt.ts';
import type { Role } from './roles.ts';

type SecretPrompt = Extract<Prompt, { kind: 'secret' }>;

/** How a PIN that is chosen in the room must look. */
export const pinRuleSchema = z.strictObject({
  /** At least; exactly, where dice choose it. */
  length: z.int().min(8).max(64).default(12),
  dice: diceTableSchema.optional(),
});
export type PinRule = z.infer<typeof pinRuleSchema>;

/** Whose PIN it is, and what it is called. */
export const pinNames = { so: 'SO PIN', user: 'user PIN' } as const;
export type Whose = keyof typeof pinNames;

/** What is wrong with the rule for a PIN. */
export function pinRuleFaults(whose: Whose, { dice }: PinRule): readonly PlanFault[] {
  return dice === undefined ? [] : diceFaults(pinNames[whose], dice);
}

/** The prompts in which one PIN is entered: the second repeats the first. */
export function pinIds(token: string, whose: Whose): readonly [first: string, again: string] {
  const id = `${whose === 'so' ? 'so-pin' : 'pin'}-${token}`;
  return [id, `${id}-again`];
}

/** Asks for a new PIN twice. */
export function choicePrompts(token: string, whose: Whose, rule: PinRule, by: Role): readonly SecretPrompt[] {
  const { length, dice } = rule;
  const name = `${pinNames[whose]} of "${token}"`;
  const how =
    dice === undefined
      ? `at least ${length} characters, known to nobody else`
      : dice.rows.length === 1
        ? `roll one die for each of its ${length} symbols`
        : `roll two dice for each of its ${length} symbols, the first for the row, the second for the column`;
  const table: readonly Fact[] =
    dice === undefined ? [] : [{ label: 'dice table ("-" rolls again)', value: diceText(dice), style: 'words' }];
  const chosen = {
    minimum: length,
    maximum: dice === undefined ? 255 : length,
    ...(dice === undefined ? {} : { symbols: dice.symbols }),
  };
  const base = { kind: 'secret', by, token, keypad: false, required: true, chosen } as const;
  const own = whose === 'so' ? { ...base, officer: true as const } : base;
  const [first, again] = pinIds(token, whose);
  return [
    { ...own, id: first, say: `Choose the ${name}: ${how}. Write it down for its safe, then enter it.`, show: table },
    {
      ...own,
      id: again,
      chosen: { ...chosen, again: true },
      say: `Enter the ${name} again, from what was written down.`,
    },
  ];
}

/** Why what was typed cannot be a PIN of this kind: known before it counts, so that the person can correct it. */
export function choiceFault(chosen: NonNullable<SecretPrompt['chosen']>, value: string): Refusal | undefined {
  const { minimum, maximum, symbols } = chosen;
  const length = Array.from(value).length;
  if (length < minimum || length > maximum) {
    const wanted = minimum === maximum ? `exactly ${minimum}` : `${minimum} to ${maximum}`;
    return {
      code: 'pin-choice-length',
      message: `This PIN must have ${wanted} characters.`,
      remedy: 'Enter it whole; nothing of it was kept.',
    };
  }
  if (symbols !== undefined && Array.from(value).some((character) => !symbols.includes(character))) {
    return {
      code: 'pin-choice-symbol',
      message: 'It has a character that the dice table does not have.',
      remedy: 'Look for a mistake in reading the table, and at capital letters.',
    };
  }
  return undefined;
}

/**
 * The PIN that was entered twice, kept for the next time it is asked for. Undefined where it was not entered: in a dry
 * run. `pin-entries-differ` says nothing of which entry was wrong, for nobody knows.
 */
export function chosenPin(token: string, whose: Whose, ports: Pick<ActPorts, 'secret' | 'keep'>): string | undefined {
  const ids = pinIds(token, whose);
  const [first, again] = ids.map((id) => ports.secret(id));
  if (first === undefined || again === undefined) return undefined;
  if (first !== again) {
    throw ceremonyError(
      'pin-entries-differ',
      `The two entries of the ${pinNames[whose]} differ. The token was not touched.`,
      'Try again: every PIN of this act is asked for once more.',
    );
  }
  for (const id of ids) ports.keep(id, first);
  return first;
}
