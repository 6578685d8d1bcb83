import type { ActPorts } from './act.ts';
import { ceremonyError } from './ceremony-error.ts';
import { choicePrompts, chosenPin, pinIds, type PinRule } from './pin-choice.ts';
import type { Prompt } from './prompt.ts';
import type { Role } from './roles.ts';
import type { CeremonyState } from './state.ts';

/** What an act that initialises a token says of its PINs. */
interface PinTerms {
  readonly token: string;
  readonly wipe: boolean;
  readonly by: readonly Role[];
  readonly 'so-pin': PinRule;
  readonly 'user-pin': PinRule;
}

/** Both PINs of a token that is made. */
export interface TokenPins {
  readonly soPin: string;
  readonly pin: string;
}

/** The first role chooses the user's PIN and the last the security officer's: where there are two, nobody knows both. */
export function pinPrompts({ token, wipe, by, ...rules }: PinTerms): readonly Prompt[] {
  const [first = 'administrator'] = by;
  const last = by.at(-1) ?? first;
  const [id] = pinIds(token, 'so');
  const say = `Enter the SO PIN that "${token}" has: without it the device lets nobody wipe it. A wrong one uses up a try.`;
  const so: readonly Prompt[] = wipe
    ? [{ id, kind: 'secret', by: last, say, token, keypad: false, required: true, officer: true }]
    : choicePrompts(token, 'so', rules['so-pin'], last);
  return [...so, ...choicePrompts(token, 'user', rules['user-pin'], first)];
}

/** The PINs as entered, kept until they are asked for again; undefined in a dry run, in which nobody enters any. */
export function pinsOf({ token, wipe }: PinTerms, ports: Pick<ActPorts, 'secret' | 'keep'>): TokenPins | undefined {
  const [id] = pinIds(token, 'so');
  const soPin = wipe ? ports.secret(id) : chosenPin(token, 'so', ports);
  if (wipe && soPin !== undefined) ports.keep(id, soPin);
  const pin = chosenPin(token, 'user', ports);
  if (soPin === undefined || pin === undefined) return undefined;
  if (soPin !== pin) return { soPin, pin };
  throw ceremonyError(
    'pin-so-is-user',
    'SO PIN and user PIN are the same. The token was not touched.',
    'Try again: two people choose two PINs, and nobody knows both.',
  );
}

/** The same for what is about to be done: a PIN that was entered and is not known any more is asked for again. */
export function requirePins(
  own: PinTerms,
  { current }: CeremonyState,
  ports: Pick<ActPorts, 'secret' | 'keep'>,
): TokenPins | undefined {
  const pins = pinsOf(own, ports);
  if (pins !== undefined || !(pinIds(own.token, 'user')[0] in current.answers)) return pins;
  throw ceremonyError(
    'pins-forgotten',
    'The PINs were forgotten when the program stopped.',
    'Try again: enter them anew.',
  );
}
