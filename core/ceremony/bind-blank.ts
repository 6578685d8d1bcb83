import { isBlankName } from '../ports/blank-token.ts';
import type { Refusal } from '../ports/coded-error.ts';
import type { TokenInitializer } from '../ports/token-initializer.ts';
import type { References } from './act.ts';
import { actsByName } from './acts/registry.ts';
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

/** A blank token as the ceremony knows it until it is initialised. */
export async function bindBlank(uri: string, devices: Pick<TokenInitializer, 'blanks'>): Promise<BoundToken> {
  const { serial, model, manufacturer, firmware, protectedPath: keypad } = await findBlank(uri, devices);
  return {
    uri,
    serial: serial === '' ? '(none yet)' : serial,
    label: '(blank)',
    model,
    manufacturer,
    firmware,
    keypad,
  };
}
