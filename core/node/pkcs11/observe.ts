import { CodedError } from '../../ports/coded-error.ts';
import type { Cryptoki } from './cryptoki.ts';
import { returnValueOf } from './cryptoki.ts';
import { ReturnValueError, returnValueName, tokenError } from './errors.ts';

/** One PKCS#11 call, as a transcript tells it: never its arguments. */
export interface TokenCall {
  readonly function: string;
  /** CKR_… or the value in hexadecimal. */
  readonly result: string;
  /** Serial number, where the call concerned one token. */
  readonly token?: string;
  readonly milliseconds: number;
}

export type Report = (call: TokenCall) => void;

const functions = [
  'C_Initialize',
  'C_Finalize',
  'C_GetSlotList',
  'C_GetTokenInfo',
  'C_GetMechanismList',
  'C_GetMechanismInfo',
  'C_InitToken',
  'C_InitPIN',
  'C_OpenSession',
  'C_CloseSession',
  'C_Login',
  'C_SetPIN',
  'C_Logout',
  'C_FindObjectsInit',
  'C_FindObjects',
  'C_FindObjectsFinal',
  'C_GetAttributeValue',
  'C_SetAttributeValue',
  'C_CreateObject',
  'C_DestroyObject',
  'C_GenerateKey',
  'C_WrapKey',
  'C_UnwrapKey',
  'C_GenerateKeyPairAsync',
  'C_SignInit',
  'C_SignAsync',
] as const satisfies readonly (keyof Cryptoki)[];

type Untyped = (...values: unknown[]) => unknown;

/**
 * The same functions, each reporting its outcome and throwing `ReturnValueError` where it did not return CKR_OK. What
 * else a binding throws is replaced by its kind alone: its text might hold an argument, and an argument may be a PIN.
 */
export function observed(cryptoki: Cryptoki, report?: Report, token?: string): Cryptoki {
  const wrapped: Partial<Record<keyof Cryptoki, Untyped>> = {};
  for (const name of functions) {
    const call = cryptoki[name].bind(cryptoki) as Untyped;
    wrapped[name] = observe(name.replace(/Async$/u, ''), call, report, token);
  }
  return wrapped as unknown as Cryptoki;
}

function observe(name: string, call: Untyped, report: Report | undefined, token: string | undefined): Untyped {
  const finish = (started: bigint, result: string) => {
    if (report === undefined) return;
    // A duration, not a time of day: nothing is dated with it.
    const milliseconds = Number((process.hrtime.bigint() - started) / 1000n) / 1000;
    report({ function: name, result, milliseconds, ...(token === undefined ? {} : { token }) });
  };
  const fail = (started: bigint, error: unknown): never => {
    const value = returnValueOf(error);
    finish(started, value === undefined ? 'error' : returnValueName(value));
    if (value !== undefined) throw new ReturnValueError(name, value);
    throw error instanceof CodedError ? error : internalError(error, name);
  };
  return (...values) => {
    const started = process.hrtime.bigint();
    try {
      const result = call(...values);
      if (!(result instanceof Promise)) {
        finish(started, 'CKR_OK');
        return result;
      }
      return result.then(
        (value: unknown) => {
          finish(started, 'CKR_OK');
          return value;
        },
        (error: unknown) => fail(started, error),
      );
    } catch (error) {
      return fail(started, error);
    }
  };
}

/** An error nobody foresaw, without its text. */
export function internalError(error: unknown, place: string): CodedError {
  const kind = error instanceof Error ? error.constructor.name : typeof error;
  return tokenError(
    'token-error',
    `The PKCS#11 process failed in ${place} (${kind}).`,
    'Note it in the transcript and report it; it is a fault of this program or of pkcs11js.',
  );
}
