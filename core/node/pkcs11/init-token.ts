import { isBlankName, parseBlankName } from '../../ports/blank-token.ts';
import { parseTokenName } from '../../ports/pkcs11-uri.ts';
import { exactlyOne, exactlyOneBlank } from './choose-token.ts';
import type { CryptokiTokenInfo } from './cryptoki.ts';
import * as p11 from './constants.ts';
import { returned, tokenError } from './errors.ts';
import { login, refuseImpossibleLength } from './login.ts';
import { observed } from './observe.ts';
import { openToken, presentTokens, type Library } from './open-token.ts';

/** Bytes of a label in CK_TOKEN_INFO. */
const labelBytes = 32;

/** The SO PIN is tried once for each entry: what its flags say is looked at before. */
function refuseHopelessSo(serial: string, { flags }: Pick<CryptokiTokenInfo, 'flags'>): void {
  if ((flags & p11.CKF_SO_PIN_LOCKED) !== 0) {
    throw tokenError(
      'token-so-pin-locked',
      `The SO PIN of token ${serial} is locked.`,
      'Reset the token to its factory state by the vendor’s procedure, or use another one.',
    );
  }
  if ((flags & p11.CKF_SO_PIN_FINAL_TRY) === 0) return;
  throw tokenError(
    'token-so-pin-final-try',
    `One more wrong SO PIN locks token ${serial} for good.`,
    'Make sure of the SO PIN with the vendor’s tool first, or use another token.',
  );
}

/** Runs a call that spends a try of the SO PIN. */
function withSoPin(serial: string, call: () => void): void {
  try {
    call();
  } catch (error) {
    if (!returned(error, p11.CKR_PIN_INCORRECT)) throw error;
    throw tokenError(
      'token-so-pin-incorrect',
      `The SO PIN of token ${serial} is wrong.`,
      'Enter the SO PIN that the token has. One that was initialised before an interruption has the SO PIN chosen then.',
    );
  }
}

/**
 * C_InitToken: a blank token gets its first SO PIN; any other is wiped, if `soPin` is the one it has. Whatever was on
 * it is gone. No session may be open on it.
 */
export function initToken(
  library: Library,
  { name, soPin, label }: { readonly name: string; readonly soPin: string; readonly label: string },
): void {
  const placed = (which: 'in-use' | 'blank') =>
    presentTokens(library, which).map((present) => ({ ...present, place: 'this library' }));
  const { slot, raw, info } = isBlankName(name)
    ? exactlyOneBlank(parseBlankName(name), placed('blank'))
    : exactlyOne(parseTokenName(name), placed('in-use'));
  refuseImpossibleLength(info, soPin);
  if (!isBlankName(name)) refuseHopelessSo(info.serial, raw);
  const cryptoki = observed(library.raw, library.report, info.serial === '' ? undefined : info.serial);
  withSoPin(info.serial, () => cryptoki.C_InitToken(slot, soPin, label.padEnd(labelBytes, ' ')));
}

/**
 * C_InitPIN: the security officer gives the user a PIN. Then the user logs in with it, since a token that took a PIN has
 * not shown yet that it knows it. Nobody is logged in afterwards.
 */
export function initUserPin(
  library: Library,
  { name, soPin, pin }: { readonly name: string; readonly soPin: string; readonly pin: string },
): void {
  const token = openToken(library, name);
  const { cryptoki, main, info } = token;
  try {
    for (const each of [soPin, pin]) refuseImpossibleLength(info, each);
    refuseHopelessSo(info.serial, cryptoki.C_GetTokenInfo(token.slot));
    withSoPin(info.serial, () => cryptoki.C_Login(main.handle, p11.CKU_SO, soPin));
    cryptoki.C_InitPIN(main.handle, pin);
    cryptoki.C_Logout(main.handle);
    login(token, pin, false);
    cryptoki.C_Logout(main.handle);
  } finally {
    token.sessions.close();
  }
}
