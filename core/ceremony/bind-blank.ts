import { formatBlankName, isBlankName, parseBlankName } from '../ports/blank-token.ts';
import type { Refusal } from '../ports/coded-error.ts';
import type { TokenInfo } from '../ports/token.ts';
import type { TokenInitializer } from '../ports/token-initializer.ts';
import type { References } from './act.ts';
import { actsByName } from './acts/registry.ts';
import { ceremonyError } from './ceremony-error.ts';
import { findBlank } from './find-blank.ts';
import type { Plan } from './plan-types.ts';
import type { BoundToken } from './state.ts';

type Initializing = NonNullable<References['initializes']>;

/** How the plan makes this token ready for use; undefined where it does not. */
export function initializing(plan: Plan, token: string): Initializing | undefined {
  return plan.acts
    .map((act) => actsByName.get(act.do)?.references(act, plan).initializes)
    .find((made) => made?.token === token);
}

/** Why a device cannot be what the plan takes it for: blank, or in use. */
export function initializingFault(name: string, uri: string, fresh: Initializing | undefined): Refusal | undefined {
  const blank = isBlankName(uri);
  if (fresh === undefined && blank) {
    return {
      code: 'binding-token-blank',
      message: `The binding says that the token "${name}" is blank, but the plan does not initialise it.`,
      remedy: 'Name the device by its serial, or add an init-token act to the plan.',
    };
  }
  if (fresh?.wipe === false && !blank) {
    return {
      code: 'binding-token-in-use',
      message: `The plan initialises the token "${name}", but the binding names one that is in use: it may hold keys.`,
      remedy: 'Name a blank one (blank:…). To wipe this one for ever, the plan must say "wipe: true".',
    };
  }
  if (fresh?.wipe !== true || !blank) return undefined;
  return {
    code: 'binding-nothing-to-wipe',
    message: `The plan wipes the token "${name}", but the binding names a blank one.`,
    remedy: 'Name the token that is to be wiped by its serial, or take "wipe: true" out of the plan.',
  };
}

/** Tokens the plan makes ready for use, in that order. */
function initializedInOrder(plan: Plan): readonly string[] {
  return plan.acts.flatMap((act) => actsByName.get(act.do)?.references(act, plan).initializes?.token ?? []);
}

/** One that comes after another must really do so; any other two names are of two devices. */
function refuseTwice(name: string, uri: string, plan: Plan, found: TokenInfo, taken: Map<string, string>): void {
  const { after } = parseBlankName(uri);
  const device = formatBlankName(found);
  if (after !== undefined) {
    const order = initializedInOrder(plan);
    const [before, own] = [order.indexOf(after), order.indexOf(name)];
    if (before >= 0 && before < own) return;
    throw ceremonyError(
      'binding-blank-after',
      `It is to be blank after "${after}" was initialised, but the plan does not initialise "${after}" before it.`,
      'Name the token whose init-token act comes first.',
    );
  }
  const twin = taken.get(device);
  if (twin !== undefined) {
    throw ceremonyError(
      'binding-same-blank',
      `It is the blank token that "${twin}" is already, and there is no other.`,
      `Plug in another and name both (blank:serial=…;model=…). Is it shown or plugged in only when "${twin}" was initialised? Then name it blank:after=${twin}.`,
    );
  }
  taken.set(device, name);
}

/** A blank token as the ceremony knows it until it is initialised; `taken` are those that others of the plan are. */
export async function bindBlank(
  name: string,
  uri: string,
  plan: Plan,
  devices: Pick<TokenInitializer, 'blanks'>,
  taken: Map<string, string>,
): Promise<BoundToken> {
  const found = await findBlank(uri, devices);
  refuseTwice(name, uri, plan, found, taken);
  const { serial, model, manufacturer, firmware, protectedPath: keypad } = found;
  const { after } = parseBlankName(uri);
  return {
    uri,
    serial: serial === '' || after !== undefined ? '(none yet)' : serial,
    label: after === undefined ? '(blank)' : `(blank, after ${after})`,
    model,
    manufacturer,
    firmware,
    keypad,
  };
}
