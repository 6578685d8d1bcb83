import { CodedError } from '../../ports/coded-error.ts';

type Row = readonly [name: string, code: `token-${string}`, meaning: string, remedy: string];

const restart = 'Close the program, unplug or restart the token, and begin this step again.';
const reopen = 'Open the token again and log in; then look at what it holds before you repeat the step.';
const vendor = 'Note the value in the transcript and ask the vendor; this should not happen.';
const ours = 'Note it in the transcript and report it: this program asked for something the token never allows.';
const repeat = 'Try the step once more. If it fails again, stop and ask the vendor.';
const capacity = 'Close other programs that use the token; if that does not help, restart the token.';
const adopt = 'Look at the inventory before going on: the key may be there and may not be what was asked for.';
const unsupported = 'Choose an algorithm that the token offers, or another token.';
const retype = 'Check the keyboard layout and the card or share in hand before trying again: tries are counted.';
const unlock = 'Stop. Have the security officer unlock or re-initialise the token by the vendor’s procedure.';
const present = 'Check that the token is plugged in or reachable, then open it again.';
const notUsed = 'This program does not use that function: report it with the transcript.';

/**
 * Every return value of PKCS#11 2.40 and 3.0 (§ "Function return values"), and the few that 3.1 and 3.2 added: its name,
 * our code, what it means here, and what a ceremony officer should do. The only place where CK_RV values are explained.
 */
export const returnValues: ReadonlyMap<number, Row> = new Map<number, Row>([
  [0x1, ['CKR_CANCEL', 'token-cancelled', 'the operation was cancelled on the token', repeat]],
  [0x2, ['CKR_HOST_MEMORY', 'token-host-memory', 'the library ran out of memory on this computer', capacity]],
  [0x3, ['CKR_SLOT_ID_INVALID', 'token-device-removed', 'the slot is gone', present]],
  [0x5, ['CKR_GENERAL_ERROR', 'token-error', 'the library met an error that it cannot recover from', restart]],
  [0x6, ['CKR_FUNCTION_FAILED', 'token-function-failed', 'the token could not perform the function', repeat]],
  [0x7, ['CKR_ARGUMENTS_BAD', 'token-request-refused', 'the library found an argument improper', ours]],
  [0x8, ['CKR_NO_EVENT', 'token-request-refused', 'no slot event is pending', notUsed]],
  [0x9, ['CKR_NEED_TO_CREATE_THREADS', 'token-module-threads', 'the library wants threads of its own', vendor]],
  [0xa, ['CKR_CANT_LOCK', 'token-module-threads', 'the library cannot be used by several threads', vendor]],
  [0x10, ['CKR_ATTRIBUTE_READ_ONLY', 'token-attribute-refused', 'an attribute may not be set', unsupported]],
  [0x11, ['CKR_ATTRIBUTE_SENSITIVE', 'token-attribute-refused', 'an attribute may not be read', ours]],
  [0x12, ['CKR_ATTRIBUTE_TYPE_INVALID', 'token-attribute-refused', 'an attribute is not known', unsupported]],
  [0x13, ['CKR_ATTRIBUTE_VALUE_INVALID', 'token-attribute-refused', 'an attribute has an unfit value', unsupported]],
  [0x1a, ['CKR_COPY_PROHIBITED', 'token-action-prohibited', 'the object may not be copied', ours]],
  [0x1b, ['CKR_ACTION_PROHIBITED', 'token-action-prohibited', 'the object’s policy forbids this', adopt]],
  [0x20, ['CKR_DATA_INVALID', 'token-data-refused', 'the token does not accept the data to sign', ours]],
  [0x21, ['CKR_DATA_LEN_RANGE', 'token-data-refused', 'the data to sign has a length the token refuses', ours]],
  [0x30, ['CKR_DEVICE_ERROR', 'token-device-error', 'the token reports a fault of its own', restart]],
  [
    0x31,
    ['CKR_DEVICE_MEMORY', 'token-full', 'the token has no memory left', 'Free space on the token or use another.'],
  ],
  [0x32, ['CKR_DEVICE_REMOVED', 'token-device-removed', 'the token was removed', present]],
  [0x40, ['CKR_ENCRYPTED_DATA_INVALID', 'token-request-refused', 'the encrypted data are invalid', notUsed]],
  [0x41, ['CKR_ENCRYPTED_DATA_LEN_RANGE', 'token-request-refused', 'encrypted data of unfit length', notUsed]],
  [0x42, ['CKR_AEAD_DECRYPT_FAILED', 'token-request-refused', 'authenticated decryption failed', notUsed]],
  [0x50, ['CKR_FUNCTION_CANCELED', 'token-cancelled', 'the operation was cancelled at the token', repeat]],
  [0x51, ['CKR_FUNCTION_NOT_PARALLEL', 'token-request-refused', 'no function runs in parallel', notUsed]],
  [0x54, ['CKR_FUNCTION_NOT_SUPPORTED', 'token-unsupported', 'the library lacks this function', unsupported]],
  [0x60, ['CKR_KEY_HANDLE_INVALID', 'token-key-missing', 'the key is no longer there', adopt]],
  [0x62, ['CKR_KEY_SIZE_RANGE', 'token-key-size', 'the token does not make or use keys of this size', unsupported]],
  [0x63, ['CKR_KEY_TYPE_INCONSISTENT', 'token-key-type', 'the key does not fit the signature algorithm', adopt]],
  [0x64, ['CKR_KEY_NOT_NEEDED', 'token-request-refused', 'a key was given where none is needed', ours]],
  [0x65, ['CKR_KEY_CHANGED', 'token-request-refused', 'the key changed in the middle of an operation', adopt]],
  [0x66, ['CKR_KEY_NEEDED', 'token-request-refused', 'a key is needed to restore the operation', ours]],
  [0x67, ['CKR_KEY_INDIGESTIBLE', 'token-request-refused', 'the key’s value cannot be digested', notUsed]],
  [0x68, ['CKR_KEY_FUNCTION_NOT_PERMITTED', 'token-key-not-permitted', 'the key’s attributes forbid this', adopt]],
  [0x69, ['CKR_KEY_NOT_WRAPPABLE', 'token-key-unextractable', 'the key cannot be wrapped', notUsed]],
  [0x6a, ['CKR_KEY_UNEXTRACTABLE', 'token-key-unextractable', 'the key may not leave the token', notUsed]],
  [0x70, ['CKR_MECHANISM_INVALID', 'token-mechanism-missing', 'the token lacks this mechanism', unsupported]],
  [0x71, ['CKR_MECHANISM_PARAM_INVALID', 'token-mechanism-missing', 'unaccepted mechanism parameters', unsupported]],
  [0x82, ['CKR_OBJECT_HANDLE_INVALID', 'token-object-missing', 'the object is no longer there', adopt]],
  [0x90, ['CKR_OPERATION_ACTIVE', 'token-busy', 'another operation of this session is still active', reopen]],
  [0x91, ['CKR_OPERATION_NOT_INITIALIZED', 'token-session-lost', 'the token forgot the operation begun', reopen]],
  [0xa0, ['CKR_PIN_INCORRECT', 'token-pin-incorrect', 'the PIN is wrong', retype]],
  [0xa1, ['CKR_PIN_INVALID', 'token-pin-invalid', 'the PIN holds characters the token does not take', retype]],
  [0xa2, ['CKR_PIN_LEN_RANGE', 'token-pin-length', 'the PIN is too short or too long', retype]],
  [
    0xa3,
    ['CKR_PIN_EXPIRED', 'token-pin-expired', 'the PIN has expired', 'Set a new PIN with the vendor’s tool first.'],
  ],
  [0xa4, ['CKR_PIN_LOCKED', 'token-pin-locked', 'the PIN is locked', unlock]],
  [0xb0, ['CKR_SESSION_CLOSED', 'token-session-lost', 'the session was closed by the token', reopen]],
  [0xb1, ['CKR_SESSION_COUNT', 'token-sessions-exhausted', 'the token has no session left', capacity]],
  [0xb2, ['CKR_SESSION_EXCLUSIVE_EXISTS', 'token-busy', 'another program holds the token for itself', capacity]],
  [0xb3, ['CKR_SESSION_HANDLE_INVALID', 'token-session-lost', 'the session is gone', reopen]],
  [0xb4, ['CKR_SESSION_PARALLEL_NOT_SUPPORTED', 'token-request-refused', 'sessions must be serial', ours]],
  [
    0xb5,
    ['CKR_SESSION_READ_ONLY', 'token-read-only', 'the session may only read', 'Use a token that may be written to.'],
  ],
  [0xb6, ['CKR_SESSION_EXISTS', 'token-busy', 'a session is open that stands in the way', capacity]],
  [0xb7, ['CKR_SESSION_READ_ONLY_EXISTS', 'token-busy', 'a read-only session stands in the way', capacity]],
  [0xb8, ['CKR_SESSION_READ_WRITE_SO_EXISTS', 'token-other-user', 'the security officer is logged in', reopen]],
  [0xc0, ['CKR_SIGNATURE_INVALID', 'token-signature-malformed', 'the token found a signature invalid', notUsed]],
  [0xc1, ['CKR_SIGNATURE_LEN_RANGE', 'token-signature-malformed', 'a signature has an unfit length', notUsed]],
  [0xd0, ['CKR_TEMPLATE_INCOMPLETE', 'token-attribute-refused', 'the token wants further attributes', unsupported]],
  [0xd1, ['CKR_TEMPLATE_INCONSISTENT', 'token-attribute-refused', 'attributes exclude each other', unsupported]],
  [0xe0, ['CKR_TOKEN_NOT_PRESENT', 'token-device-removed', 'the token is not in its slot', present]],
  [0xe1, ['CKR_TOKEN_NOT_RECOGNIZED', 'token-not-recognized', 'the slot holds something else', present]],
  [
    0xe2,
    ['CKR_TOKEN_WRITE_PROTECTED', 'token-read-only', 'the token is write-protected', 'Lift its write protection.'],
  ],
  [0xf0, ['CKR_UNWRAPPING_KEY_HANDLE_INVALID', 'token-request-refused', 'unfit unwrapping key', notUsed]],
  [0xf1, ['CKR_UNWRAPPING_KEY_SIZE_RANGE', 'token-request-refused', 'unfit size of unwrapping key', notUsed]],
  [0xf2, ['CKR_UNWRAPPING_KEY_TYPE_INCONSISTENT', 'token-request-refused', 'unfit unwrapping key type', notUsed]],
  [0x100, ['CKR_USER_ALREADY_LOGGED_IN', 'token-already-logged-in', 'somebody is logged in already', reopen]],
  [
    0x101,
    ['CKR_USER_NOT_LOGGED_IN', 'token-not-logged-in', 'nobody is logged in', 'Log in to the token, then repeat.'],
  ],
  [0x102, ['CKR_USER_PIN_NOT_INITIALIZED', 'token-pin-not-initialized', 'the user PIN was never set', unlock]],
  [0x103, ['CKR_USER_TYPE_INVALID', 'token-other-user', 'the token has no such user', vendor]],
  [0x104, ['CKR_USER_ANOTHER_ALREADY_LOGGED_IN', 'token-other-user', 'another user is logged in', reopen]],
  [0x105, ['CKR_USER_TOO_MANY_TYPES', 'token-other-user', 'too many kinds of user are logged in', capacity]],
  [0x110, ['CKR_WRAPPED_KEY_INVALID', 'token-request-refused', 'the wrapped key is invalid', notUsed]],
  [0x112, ['CKR_WRAPPED_KEY_LEN_RANGE', 'token-request-refused', 'wrapped key of unfit length', notUsed]],
  [0x113, ['CKR_WRAPPING_KEY_HANDLE_INVALID', 'token-request-refused', 'unfit wrapping key', notUsed]],
  [0x114, ['CKR_WRAPPING_KEY_SIZE_RANGE', 'token-request-refused', 'unfit size of wrapping key', notUsed]],
  [0x115, ['CKR_WRAPPING_KEY_TYPE_INCONSISTENT', 'token-request-refused', 'unfit wrapping key type', notUsed]],
  [0x120, ['CKR_RANDOM_SEED_NOT_SUPPORTED', 'token-request-refused', 'its RNG takes no seed', notUsed]],
  [0x121, ['CKR_RANDOM_NO_RNG', 'token-no-rng', 'the token has no random number generator', 'Use another token.']],
  [0x130, ['CKR_DOMAIN_PARAMS_INVALID', 'token-curve-unsupported', 'the curve is not accepted', unsupported]],
  [0x140, ['CKR_CURVE_NOT_SUPPORTED', 'token-curve-unsupported', 'the token lacks the curve', unsupported]],
  [0x150, ['CKR_BUFFER_TOO_SMALL', 'token-answer-too-long', 'its answer is longer than any we expect', vendor]],
  [0x160, ['CKR_SAVED_STATE_INVALID', 'token-request-refused', 'a saved state is invalid', notUsed]],
  [0x170, ['CKR_INFORMATION_SENSITIVE', 'token-attribute-refused', 'the token keeps this to itself', ours]],
  [0x180, ['CKR_STATE_UNSAVEABLE', 'token-request-refused', 'the state cannot be saved', notUsed]],
  [0x190, ['CKR_CRYPTOKI_NOT_INITIALIZED', 'token-session-lost', 'the library has shut itself down', reopen]],
  [0x191, ['CKR_CRYPTOKI_ALREADY_INITIALIZED', 'token-request-refused', 'the library is already in use', ours]],
  [0x1a0, ['CKR_MUTEX_BAD', 'token-module-threads', 'the library’s locking failed', vendor]],
  [0x1a1, ['CKR_MUTEX_NOT_LOCKED', 'token-module-threads', 'the library’s locking failed', vendor]],
  [
    0x1b0,
    ['CKR_NEW_PIN_MODE', 'token-pin-expired', 'the token wants a new PIN', 'Set it with the vendor’s tool first.'],
  ],
  [0x1b1, ['CKR_NEXT_OTP', 'token-pin-invalid', 'the token wants the next one-time password', retype]],
  [0x1b5, ['CKR_EXCEEDED_MAX_ITERATIONS', 'token-function-failed', 'the token gave up making parameters', repeat]],
  [0x1b6, ['CKR_FIPS_SELF_TEST_FAILED', 'token-self-test-failed', 'the token’s self-test failed', 'Stop using it.']],
  [0x1b7, ['CKR_LIBRARY_LOAD_FAILED', 'token-module-unloadable', 'a library it needs is missing', vendor]],
  [
    0x1b8,
    ['CKR_PIN_TOO_WEAK', 'token-pin-invalid', 'the PIN is too weak', 'Choose a better one with the vendor’s tool.'],
  ],
  [0x1b9, ['CKR_PUBLIC_KEY_INVALID', 'token-public-key-invalid', 'the public key is invalid', adopt]],
  [0x200, ['CKR_FUNCTION_REJECTED', 'token-rejected', 'the request was refused at the device', 'Approve it there.']],
  [0x201, ['CKR_TOKEN_RESOURCE_EXCEEDED', 'token-full', 'the token lacks a resource for this', capacity]],
  [0x202, ['CKR_OPERATION_CANCEL_FAILED', 'token-busy', 'an operation could not be cancelled', reopen]],
  [0x203, ['CKR_KEY_EXHAUSTED', 'token-key-exhausted', 'the key has made all its signatures', 'Use a new key.']],
  [0x204, ['CKR_PENDING', 'token-busy', 'the operation is still running', capacity]],
  [0x205, ['CKR_SESSION_ASYNC_NOT_SUPPORTED', 'token-unsupported', 'no asynchronous sessions', notUsed]],
  [0x206, ['CKR_SEED_RANDOM_REQUIRED', 'token-no-rng', 'its random number generator wants a seed', vendor]],
  [0x207, ['CKR_OPERATION_NOT_VALIDATED', 'token-rejected', 'its certified mode forbids this', unsupported]],
  [0x208, ['CKR_TOKEN_NOT_INITIALIZED', 'token-not-initialized', 'the token is blank', 'Initialise it first.']],
  [0x209, ['CKR_PARAMETER_SET_NOT_SUPPORTED', 'token-unsupported', 'unsupported parameter set', unsupported]],
]);

/** The name of a return value: the standard's, or the hexadecimal value (vendor-defined ones begin at 80000000). */
export function returnValueName(value: number): string {
  if (value === 0) return 'CKR_OK';
  return returnValues.get(value)?.[0] ?? `0x${value.toString(16).padStart(8, '0')}`;
}

/** A PKCS#11 function that returned something other than CKR_OK. Keeps the value for those who act on it. */
export class ReturnValueError extends CodedError {
  readonly function: string;
  readonly value: number;

  constructor(functionName: string, value: number) {
    const name = returnValueName(value);
    const [, code, meaning, remedy] = returnValues.get(value) ?? [
      name,
      'token-error' as const,
      'a value that the standard does not know',
      'Look the value up in the vendor’s manual and note it in the transcript.',
    ];
    super({ code, message: `The token answered ${functionName} with ${name}: ${meaning}.`, remedy });
    this.function = functionName;
    this.value = value;
  }
}

/** True when `error` is a PKCS#11 call that returned one of these values. */
export function returned(error: unknown, ...values: readonly number[]): boolean {
  return error instanceof ReturnValueError && values.includes(error.value);
}

/** An error of this layer itself. */
export function tokenError(code: `token-${string}`, message: string, remedy: string): CodedError {
  return new CodedError({ code, message, remedy });
}
