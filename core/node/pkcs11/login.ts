import type { TokenInfo } from '../../ports/token.ts';
import { utf8 } from '../../ports/bytes.ts';
import * as p11 from './constants.ts';
import { returned, tokenError } from './errors.ts';
import { currentInfo, type OpenToken } from './open-token.ts';

/** What the token's flags say of the tries that are left, after a wrong PIN. */
const triesLeft: Readonly<Record<TokenInfo['pinState'], string>> = {
  normal: 'The token does not say how many tries are left.',
  'count-low': 'At least one wrong PIN is counted; tries are running low.',
  'final-try': 'One try is left before the token locks.',
  locked: 'The token is locked now.',
};

export function refuseHopeless(info: TokenInfo, pin: string | undefined, riskFinalTry: boolean): void {
  if (info.pinState === 'locked') {
    throw tokenError(
      'token-pin-locked',
      `The user PIN of token ${info.serial} is locked.`,
      'Stop. Have the security officer unlock or re-initialise the token by the vendor’s procedure.',
    );
  }
  if (info.pinState === 'final-try' && !riskFinalTry) {
    throw tokenError(
      'token-pin-final-try',
      `One more wrong PIN locks token ${info.serial}.`,
      'Make sure of the PIN and who holds it, then say explicitly that the last try may be used.',
    );
  }
  if (!info.pinInitialized) {
    throw tokenError(
      'token-pin-not-initialized',
      `The user PIN of token ${info.serial} was never set.`,
      'Set it with the vendor’s tool before the ceremony.',
    );
  }
  if (pin !== undefined) return;
  if (info.protectedPath) return;
  throw tokenError(
    'token-pin-required',
    `Token ${info.serial} has no keypad of its own.`,
    'Type the PIN into this program.',
  );
}

export function refuseImpossibleLength(info: TokenInfo, pin: string): void {
  const { minimum, maximum } = info.pinLength;
  const length = utf8(pin).length;
  // A maximum of zero means that the library did not fill it in.
  if (length >= minimum && (maximum === 0 || length <= maximum)) return;
  throw tokenError(
    'token-pin-length',
    `A PIN of token ${info.serial} has ${minimum} to ${maximum} bytes; this one does not. It was not sent to the token.`,
    'Check which PIN was typed.',
  );
}

/**
 * Logs the user in. Everything that can be known before a try is spent is checked first. Somebody being logged in
 * already is as good: PKCS#11 keeps one login per program and token.
 */
export function login(token: OpenToken, pin: string | undefined, riskFinalTry: boolean): void {
  const info = currentInfo(token);
  refuseHopeless(info, pin, riskFinalTry);
  if (pin !== undefined) refuseImpossibleLength(info, pin);
  try {
    // pkcs11js cannot pass a null pointer: for a keypad it sends length zero, which libraries take the same way.
    token.cryptoki.C_Login(token.main.handle, p11.CKU_USER, pin ?? '');
  } catch (error) {
    if (returned(error, p11.CKR_USER_ALREADY_LOGGED_IN)) return;
    if (!returned(error, p11.CKR_PIN_INCORRECT)) throw error;
    throw tokenError(
      'token-pin-incorrect',
      `The PIN of token ${info.serial} is wrong. ${triesLeft[currentInfo(token).pinState]}`,
      'Check the keyboard layout and the card or share in hand before trying again.',
    );
  }
}
