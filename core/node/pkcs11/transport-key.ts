import type { OaepHash } from '../../ports/key-backup.ts';
import { DerReader } from '../../der/reader.ts';
import { readSpki } from '../../x509/spki.ts';
import { readAttributes } from './attributes.ts';
import { oaepMechanism } from './backup-mechanisms.ts';
import type { Attribute, Handle, WrappingMechanism } from './cryptoki.ts';
import * as p11 from './constants.ts';
import { returned, tokenError } from './errors.ts';
import type { OpenToken } from './open-token.ts';

// The AES key that carries a private key from one token to another. It is a session object on both: no token keeps it.

const transportKeyBytes = 32;

const common: readonly Attribute[] = [
  { type: p11.CKA_CLASS, value: p11.CKO_SECRET_KEY },
  { type: p11.CKA_KEY_TYPE, value: p11.CKK_AES },
  { type: p11.CKA_TOKEN, value: false },
  { type: p11.CKA_PRIVATE, value: true },
  { type: p11.CKA_SENSITIVE, value: true },
  { type: p11.CKA_ENCRYPT, value: false },
  { type: p11.CKA_DECRYPT, value: false },
  { type: p11.CKA_SIGN, value: false },
  { type: p11.CKA_VERIFY, value: false },
];

/** A new one: it wraps, and may leave only because it is itself wrapped. */
export function newTransportKey({ cryptoki, main }: OpenToken): Handle {
  const { CKM_AES_KEY_GEN: mechanism } = p11;
  return cryptoki.C_GenerateKey(main.handle, { mechanism }, [
    ...common,
    { type: p11.CKA_VALUE_LEN, value: transportKeyBytes },
    { type: p11.CKA_EXTRACTABLE, value: true },
    { type: p11.CKA_WRAP, value: true },
    { type: p11.CKA_UNWRAP, value: false },
  ]);
}

/** The public half of another token's wrapping key, for this session only. */
export function importWrappingKey({ cryptoki, main }: OpenToken, spki: Uint8Array): Handle {
  const { algorithm, publicKey } = readSpki(spki);
  if (algorithm !== 'rsa-3072' && algorithm !== 'rsa-4096') {
    throw tokenError(
      'token-wrapping-key-type',
      `Keys are wrapped for RSA keys of 3072 or 4096 bits, not for ${algorithm}.`,
      'Have the wrapping key made by a ceremony (generate-wrapping-key).',
    );
  }
  const reader = DerReader.over(publicKey, 4096).enter();
  // DER puts a zero octet before a modulus whose top bit is set; readSpki has seen that it is.
  const modulus = reader.integer().subarray(1);
  return cryptoki.C_CreateObject(main.handle, [
    { type: p11.CKA_CLASS, value: p11.CKO_PUBLIC_KEY },
    { type: p11.CKA_KEY_TYPE, value: p11.CKK_RSA },
    { type: p11.CKA_TOKEN, value: false },
    { type: p11.CKA_PRIVATE, value: false },
    { type: p11.CKA_WRAP, value: true },
    { type: p11.CKA_ENCRYPT, value: false },
    { type: p11.CKA_VERIFY, value: false },
    { type: p11.CKA_MODULUS, value: Buffer.from(modulus) },
    { type: p11.CKA_PUBLIC_EXPONENT, value: Buffer.from([1, 0, 1]) },
  ]);
}

const outputBytes = 16_384;

/** Wraps a key; the output is a copy of its own. */
export function wrapOne(
  { cryptoki, main }: OpenToken,
  mechanism: WrappingMechanism,
  wrappingKey: Handle,
  key: Handle,
): Uint8Array<ArrayBuffer> {
  const wrapped = cryptoki.C_WrapKey(main.handle, mechanism, wrappingKey, key, Buffer.alloc(outputBytes));
  return Uint8Array.from(wrapped);
}

/** Takes the AES key out of its envelope: it unwraps, and never leaves. */
export function openTransportKey(token: OpenToken, wrapping: Handle, oaep: OaepHash, envelope: Uint8Array): Handle {
  return unwrapOne(token, oaepMechanism(oaep), wrapping, envelope, [
    ...common,
    { type: p11.CKA_EXTRACTABLE, value: false },
    { type: p11.CKA_WRAP, value: false },
    { type: p11.CKA_UNWRAP, value: true },
  ]);
}

/** Unwraps; that the bytes are not what this key wrapped is a fault of the backup, not of the token. */
export function unwrapOne(
  { cryptoki, main, info }: OpenToken,
  mechanism: WrappingMechanism,
  unwrappingKey: Handle,
  wrapped: Uint8Array,
  template: Attribute[],
): Handle {
  try {
    return cryptoki.C_UnwrapKey(main.handle, mechanism, unwrappingKey, Buffer.from(wrapped), template);
  } catch (error) {
    // Libraries say all of these of bytes that were changed: SoftHSM CKR_GENERAL_ERROR, others what the standard has.
    const changed = returned(
      error,
      p11.CKR_GENERAL_ERROR,
      p11.CKR_FUNCTION_FAILED,
      p11.CKR_DATA_INVALID,
      p11.CKR_ENCRYPTED_DATA_INVALID,
      p11.CKR_ENCRYPTED_DATA_LEN_RANGE,
      p11.CKR_WRAPPED_KEY_INVALID,
      p11.CKR_WRAPPED_KEY_LEN_RANGE,
    );
    if (!changed) throw error;
    throw tokenError(
      'token-backup-unreadable',
      `Token ${info.serial} cannot unwrap this backup.`,
      'It was made for another token or was changed since. Take another copy, or make a new backup.',
    );
  }
}

/** CKA_CHECK_VALUE, where the token tells one. */
export function checkValueOf(token: OpenToken, key: Handle): Uint8Array<ArrayBuffer> | undefined {
  const value = readAttributes(token.main, key, [p11.CKA_CHECK_VALUE]).get(p11.CKA_CHECK_VALUE);
  return value === undefined || value.length < 3 ? undefined : Uint8Array.from(value.subarray(0, 3));
}

/** Runs work with session objects that are gone afterwards, whatever came of it. */
export async function withForgotten<T>(
  { cryptoki, main }: OpenToken,
  work: (remember: (handle: Handle) => Handle) => T | Promise<T>,
): Promise<T> {
  const handles: Handle[] = [];
  const forget = (): boolean => {
    let all = true;
    for (const handle of handles.reverse()) {
      try {
        cryptoki.C_DestroyObject(main.handle, handle);
      } catch {
        all = false;
      }
    }
    return all;
  };
  let result: T;
  try {
    result = await work((handle) => {
      handles.push(handle);
      return handle;
    });
  } catch (error) {
    // What went wrong first is what matters; a session object ends with its session at the latest.
    forget();
    throw error;
  }
  if (forget()) return result;
  throw tokenError(
    'token-transport-key-left',
    'The token did not destroy the key that was only for the transport.',
    'Close the token: it ends with the session. Do not keep what was made; begin the step again.',
  );
}
