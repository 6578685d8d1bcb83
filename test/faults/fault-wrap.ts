import {
  constants,
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  privateDecrypt,
  publicEncrypt,
  type KeyObject,
} from 'node:crypto';
import * as p11 from '../../core/node/pkcs11/constants.ts';
import type { WrappingMechanism } from '../../core/node/pkcs11/cryptoki.ts';
import type { FaultObject } from './fault-objects.ts';
import { fail } from './fault-triggers.ts';

// Wrapping of keys as a token does it: AES keys under RSA-OAEP, private keys under AES with padding (RFC 5649).

const cipher = 'id-aes256-wrap-pad';
/** RFC 5649 §3: the first half of the alternative initial value; OpenSSL puts the length behind it. */
const initialValue = Buffer.from('a65959a6', 'hex');

/** What C_GetMechanismInfo says a mechanism is good for. */
export const mechanismFlags: Readonly<Record<number, number>> = {
  [p11.CKM_RSA_PKCS_KEY_PAIR_GEN]: p11.CKF_GENERATE_KEY_PAIR,
  [p11.CKM_AES_KEY_GEN]: p11.CKF_GENERATE,
  [p11.CKM_RSA_PKCS_OAEP]: p11.CKF_WRAP | p11.CKF_UNWRAP,
  [p11.CKM_AES_KEY_WRAP_PAD]: p11.CKF_WRAP | p11.CKF_UNWRAP,
};

function isSet({ attributes }: FaultObject, type: number): boolean {
  return attributes.get(type)?.[0] === 1;
}

function keyOf({ key }: FaultObject): KeyObject {
  return key ?? fail(0x63);
}

function oaep(key: KeyObject, { parameter }: WrappingMechanism) {
  const oaepHash = parameter?.hashAlg === p11.CKM_SHA_1 ? 'sha1' : 'sha256';
  return { key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash };
}

/** The public key in the attributes of an imported RSA key. */
export function importedRsa(template: ReadonlyMap<number, Buffer>): KeyObject {
  const [n, e] = [template.get(p11.CKA_MODULUS), template.get(p11.CKA_PUBLIC_EXPONENT)];
  if (n === undefined || e === undefined) return fail(0xd0);
  const jwk = { kty: 'RSA', n: n.toString('base64url'), e: e.toString('base64url') };
  return createPublicKey({ key: jwk, format: 'jwk' });
}

/** CKA_CHECK_VALUE of an AES key: the start of a block of zeros, encrypted. */
export function checkValue(key: KeyObject): Buffer {
  const ecb = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false);
  return ecb.update(Buffer.alloc(16)).subarray(0, 3);
}

export function wrapped(mechanism: WrappingMechanism, wrapping: FaultObject, target: FaultObject): Buffer {
  if (!isSet(wrapping, p11.CKA_WRAP)) fail(0x68);
  if (!isSet(target, p11.CKA_EXTRACTABLE)) fail(0x6a);
  if (mechanism.mechanism === p11.CKM_RSA_PKCS_OAEP) {
    return publicEncrypt(oaep(keyOf(wrapping), mechanism), keyOf(target).export());
  }
  const pkcs8 = keyOf(target).export({ format: 'der', type: 'pkcs8' });
  const aes = createCipheriv(cipher, keyOf(wrapping), initialValue);
  return Buffer.concat([aes.update(pkcs8), aes.final()]);
}

export function unwrapped(mechanism: WrappingMechanism, unwrapping: FaultObject, bytes: Buffer): KeyObject {
  if (!isSet(unwrapping, p11.CKA_UNWRAP)) fail(0x68);
  try {
    if (mechanism.mechanism === p11.CKM_RSA_PKCS_OAEP) {
      return createSecretKey(privateDecrypt(oaep(keyOf(unwrapping), mechanism), bytes));
    }
    const aes = createDecipheriv(cipher, keyOf(unwrapping), initialValue);
    const pkcs8 = Buffer.concat([aes.update(bytes), aes.final()]);
    return createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
  } catch {
    return fail(0x110);
  }
}
