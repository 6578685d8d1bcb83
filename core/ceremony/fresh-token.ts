import { formatBlankName, isBlankName } from '../ports/blank-token.ts';
import { formatTokenUri } from '../ports/pkcs11-uri.ts';
import type { TokenInfo } from '../ports/token.ts';
import type { ActPorts } from './act.ts';
import { ceremonyError, impossible } from './ceremony-error.ts';
import { findBlank } from './find-blank.ts';
import type { TokenPins } from './init-pins.ts';
import type { PinRule } from './pin-choice.ts';
import type { BoundToken } from './state.ts';

type Devices = ActPorts['devices'];

/** What is written ahead of a token that is to be made: enough to know it again, whatever serial it gives itself. */
type Planned = {
  readonly serial: string;
  readonly label: string;
  readonly wipe: boolean;
  readonly before: string[];
  readonly visible: string[];
};

/** A token that was made. */
export interface FreshToken {
  readonly info: TokenInfo;
  /** It had been made before, and only its user PIN was set. */
  readonly found: boolean;
}

interface Wanted {
  readonly token: string;
  readonly label: string;
  readonly wipe: boolean;
  readonly 'so-pin': PinRule;
  readonly 'user-pin': PinRule;
}

/** What can be seen of a token without a PIN. */
async function visibleOn(uri: string, devices: Devices): Promise<string[]> {
  const token = await devices.open(uri);
  try {
    const objects = await token.objects();
    return objects
      .slice(0, 20)
      .map(({ kind, label, id }) => `${kind} "${label.slice(0, 100)}", CKA_ID ${id.slice(0, 130)}`);
  } finally {
    // A token with a session on it is not initialised.
    await token.close();
  }
}

function refuseUnfit(own: Wanted, info: TokenInfo, others: readonly TokenInfo[]): void {
  if (info.protectedPath) {
    const message = `The PINs of the token "${own.token}" are typed on the device itself.`;
    throw ceremonyError(
      'init-token-keypad',
      message,
      'Initialise it with the vendor’s tool; then use it by its serial.',
    );
  }
  if (others.some(({ label }) => label === own.label)) {
    const message = `Another token is labelled "${own.label}" already.`;
    throw ceremonyError(
      'init-token-label-taken',
      message,
      'Choose another label in the plan, or unplug the other token.',
    );
  }
  const { minimum, maximum } = info.pinLength;
  // A maximum of zero means that the library did not fill it in.
  const unfit = [own['so-pin'], own['user-pin']].find(
    ({ length }) => length < minimum || (maximum > 0 && length > maximum),
  );
  if (unfit === undefined) return;
  const message = `The token "${own.token}" takes PINs of ${minimum} to ${maximum} characters, not of ${unfit.length}.`;
  throw ceremonyError('init-token-pin-length', message, 'Change the length in the plan, or use another token.');
}

/** Looks at the device that is to be made ready, and at all others, without changing any. */
export async function prepareFresh(own: Wanted, bound: BoundToken | undefined, devices: Devices): Promise<Planned> {
  if (bound === undefined) throw impossible(`The token ${own.token} is not bound`);
  const { label, wipe } = own;
  const inUse = await devices.list();
  const before = inUse.map(({ serial }) => serial);
  if (isBlankName(bound.uri)) {
    const info = await findBlank(bound.uri, devices);
    refuseUnfit(own, info, inUse);
    return { serial: info.serial, label, wipe, before, visible: [] };
  }
  const info = inUse.find(({ serial }) => serial === bound.serial);
  if (info === undefined) {
    const message = `The token with the serial ${bound.serial} is not there.`;
    throw ceremonyError('token-missing', message, 'Plug it in and try again.');
  }
  refuseUnfit(
    own,
    info,
    inUse.filter(({ serial }) => serial !== bound.serial),
  );
  return { serial: info.serial, label, wipe, before, visible: await visibleOn(bound.uri, devices) };
}

/** The token that was made, if it was: in use, new among those in use, or the one that was wiped. */
async function madeOf({ before, serial, wipe, label }: Planned, devices: Devices): Promise<TokenInfo | undefined> {
  const inUse = await devices.list();
  const made = inUse.filter((info) => !before.includes(info.serial) && info.label === label);
  const [only] = made;
  if (made.length > 1) {
    const message = `Several new tokens are labelled "${label}".`;
    throw ceremonyError('token-ambiguous', message, 'Unplug all but the one this ceremony is about, and try again.');
  }
  return only ?? (wipe ? inUse.find((info) => info.serial === serial && info.label === label) : undefined);
}

/**
 * By which name the device is initialised, and whether it need not be. A wiped token that kept its serial and its label
 * looks as before: it is wiped again.
 */
export async function rememberedName(
  planned: Planned,
  devices: Devices,
): Promise<{ readonly there: boolean; readonly name: string; readonly info?: TokenInfo }> {
  const { serial, wipe, before } = planned;
  const made = await madeOf(planned, devices);
  if (made !== undefined && !before.includes(made.serial))
    return { there: true, name: formatTokenUri(made), info: made };
  if (wipe && (await devices.list()).some((info) => info.serial === serial)) {
    return { there: false, name: `pkcs11:serial=${encodeURIComponent(serial)}` };
  }
  // Also where wiping was cut short: some devices are blank then.
  const blanks = (await devices.blanks()).filter((info) => serial === '' || info.serial === serial);
  const [blank] = blanks;
  if (blank !== undefined && blanks.length === 1) return { there: false, name: formatBlankName(blank) };
  const message = `${blanks.length} blank tokens could be the one that is to be initialised.`;
  throw ceremonyError('token-missing', message, 'Plug in that one and no other, and try again.');
}

/** Initialises the device unless it was, sets the user PIN, and looks that label, PIN and content are as they must be. */
export async function freshlyMade(planned: Planned, { soPin, pin }: TokenPins, devices: Devices): Promise<FreshToken> {
  const { there, name } = await rememberedName(planned, devices);
  if (!there) await devices.initialize(name, soPin, planned.label);
  const made = await madeOf(planned, devices);
  if (made === undefined) {
    throw ceremonyError(
      'init-token-lost',
      `After it was initialised no token is labelled "${planned.label}".`,
      'Look which tokens there are (coldroot token list): the library may have changed the label. Use another token.',
    );
  }
  const uri = formatTokenUri(made);
  await devices.setUserPin(uri, soPin, pin);
  const token = await devices.open(uri);
  try {
    await token.login(pin);
    const keys = (await token.objects()).filter(({ kind }) => kind.endsWith('-key'));
    if (keys.length > 0) {
      const message = `The token that was just initialised holds keys: ${keys.length}.`;
      throw ceremonyError('init-token-not-empty', message, 'Do not use it: its wiping does not wipe. Ask the vendor.');
    }
    return { info: await token.info(), found: there };
  } finally {
    await token.close();
  }
}
