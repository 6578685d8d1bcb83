import type { CodedError } from '../../ports/coded-error.ts';
import { parseTokenName } from '../../ports/pkcs11-uri.ts';
import type { TokenInfo } from '../../ports/token.ts';
import { exactlyOne } from './choose-token.ts';
import type { Cryptoki, CryptokiTokenInfo, Handle } from './cryptoki.ts';
import * as p11 from './constants.ts';
import { returned, tokenError } from './errors.ts';
import { observed, type Report } from './observe.ts';
import { SessionPool, type Session } from './session.ts';
import type { KeyPair } from './find-key.ts';
import { describeToken, isInitialized } from './token-info.ts';

/** A library that is loaded and initialised. */
export interface Library {
  readonly raw: Cryptoki;
  /** The same, reporting its calls. */
  readonly cryptoki: Cryptoki;
  readonly report: Report | undefined;
}

/** A token with a session on it. */
export interface OpenToken {
  readonly info: TokenInfo;
  readonly slot: Handle;
  readonly cryptoki: Cryptoki;
  readonly main: Session;
  readonly sessions: SessionPool;
  readonly mechanisms: ReadonlySet<number>;
  /** Handles found before, by public key; they go stale when any object is destroyed. */
  readonly keys: Map<string, KeyPair>;
  /** Why this token can no longer be used without opening it again. */
  lost?: CodedError;
}

export function initialize(raw: Cryptoki, report: Report | undefined): Library {
  const library = { raw, report, cryptoki: observed(raw, report) };
  startUp(library);
  return library;
}

function startUp({ cryptoki }: Library): void {
  try {
    cryptoki.C_Initialize({ flags: p11.CKF_OS_LOCKING_OK });
  } catch (error) {
    if (!returned(error, p11.CKR_CRYPTOKI_ALREADY_INITIALIZED)) throw error;
  }
}

interface Present {
  readonly slot: Handle;
  readonly raw: CryptokiTokenInfo;
  readonly info: TokenInfo;
}

function slotsOf(library: Library): Handle[] {
  try {
    return library.cryptoki.C_GetSlotList(true);
  } catch (error) {
    // Some libraries shut themselves down when their device is pulled out, and want to be started again.
    if (!returned(error, p11.CKR_CRYPTOKI_NOT_INITIALIZED)) throw error;
    startUp(library);
    return library.cryptoki.C_GetSlotList(true);
  }
}

const maximumSlots = 256;

/** The tokens that are there now: those in use, or the blank ones. */
export function presentTokens(library: Library, which: 'in-use' | 'blank' = 'in-use'): Present[] {
  const present: Present[] = [];
  for (const slot of slotsOf(library).slice(0, maximumSlots)) {
    try {
      const raw = library.cryptoki.C_GetTokenInfo(slot);
      if (isInitialized(raw) === (which === 'in-use')) present.push({ slot, raw, info: describeToken(raw) });
    } catch (error) {
      const gone = returned(
        error,
        p11.CKR_TOKEN_NOT_PRESENT,
        p11.CKR_TOKEN_NOT_RECOGNIZED,
        p11.CKR_DEVICE_REMOVED,
        p11.CKR_SLOT_ID_INVALID,
      );
      if (!gone) throw error;
    }
  }
  return present;
}

/** Opens the token of this name: its slot is looked up anew each time, for slots are renumbered. */
export function openToken(library: Library, name: string): OpenToken {
  const candidates = presentTokens(library).map((present) => ({ ...present, place: 'this library' }));
  const { slot, raw, info } = exactlyOne(parseTokenName(name), candidates);
  const cryptoki = observed(library.raw, library.report, info.serial);
  const open = (flags: number): Session => ({ cryptoki, handle: cryptoki.C_OpenSession(slot, flags) });
  const mechanisms = new Set(cryptoki.C_GetMechanismList(slot));
  const main = open(p11.CKF_SERIAL_SESSION | p11.CKF_RW_SESSION);
  const sessions = new SessionPool(main, () => open(p11.CKF_SERIAL_SESSION), raw.maxSessionCount);
  return { info, slot, cryptoki, main, sessions, mechanisms, keys: new Map() };
}

/** What the token says of itself now; `token-device-removed` when its slot holds another one. */
export function currentInfo(token: OpenToken): TokenInfo {
  const info = describeToken(token.cryptoki.C_GetTokenInfo(token.slot));
  if (info.serial === token.info.serial) return info;
  throw tokenError(
    'token-device-removed',
    `Token ${token.info.serial} was replaced by another one, serial ${info.serial}.`,
    'Put the right token back and open it again.',
  );
}
