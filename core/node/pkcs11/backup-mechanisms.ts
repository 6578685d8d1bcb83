import type { OaepHash } from '../../ports/key-backup.ts';
import type { WrappingMechanism } from './cryptoki.ts';
import * as p11 from './constants.ts';
import { tokenError } from './errors.ts';
import type { OpenToken } from './open-token.ts';

/** RFC 5649 by the number PKCS#11 3.0 gave it; pkcs11js does not know it. */
const CKM_AES_KEY_WRAP_KWP = 0x210b;

/** The same, preferred first. SoftHSM has RFC 5649 under the older number, of which the standard left open what it is. */
const keyWrapping = [CKM_AES_KEY_WRAP_KWP, p11.CKM_AES_KEY_WRAP_PAD] as const;

/** What a token must be able to do: any one of the mechanisms, with this flag. */
interface Need {
  readonly name: string;
  readonly mechanisms: readonly number[];
  readonly flag: number;
}

const oaepName = 'CKM_RSA_PKCS_OAEP';
const wrapName = 'CKM_AES_KEY_WRAP_KWP or CKM_AES_KEY_WRAP_PAD';
const needs: Readonly<Record<'wrap' | 'restore', readonly Need[]>> = {
  wrap: [
    { name: 'CKM_AES_KEY_GEN to generate', mechanisms: [p11.CKM_AES_KEY_GEN], flag: p11.CKF_GENERATE },
    { name: `${oaepName} to wrap`, mechanisms: [p11.CKM_RSA_PKCS_OAEP], flag: p11.CKF_WRAP },
    { name: `${wrapName} to wrap`, mechanisms: keyWrapping, flag: p11.CKF_WRAP },
  ],
  restore: [
    {
      name: 'CKM_RSA_PKCS_KEY_PAIR_GEN to generate',
      mechanisms: [p11.CKM_RSA_PKCS_KEY_PAIR_GEN],
      flag: p11.CKF_GENERATE_KEY_PAIR,
    },
    { name: `${oaepName} to unwrap`, mechanisms: [p11.CKM_RSA_PKCS_OAEP], flag: p11.CKF_UNWRAP },
    { name: `${wrapName} to unwrap`, mechanisms: keyWrapping, flag: p11.CKF_UNWRAP },
  ],
};

function offers(token: OpenToken, mechanism: number, flag: number): boolean {
  if (!token.mechanisms.has(mechanism)) return false;
  return (token.cryptoki.C_GetMechanismInfo(token.slot, mechanism).flags & flag) !== 0;
}

/** Names of what the token lacks for this part of a backup. */
export function backupLacks(token: OpenToken, task: 'wrap' | 'restore'): readonly string[] {
  const missing = ({ mechanisms, flag }: Need): boolean => !mechanisms.some((one) => offers(token, one, flag));
  return needs[task].filter(missing).map(({ name }) => name);
}

/** `token-cannot-wrap` before anything was done, where the token lacks a mechanism. */
export function refuseLacking(token: OpenToken, task: 'wrap' | 'restore'): void {
  const lacks = backupLacks(token, task);
  if (lacks.length === 0) return;
  throw tokenError(
    'token-cannot-wrap',
    `Token ${token.info.serial} cannot ${task === 'wrap' ? 'wrap a key for' : 'take a wrapped key from'} another token; it lacks ${lacks.join('; ')}.`,
    'Back its keys up by the vendor’s own procedure, or use a token that can.',
  );
}

const oaepHashes = {
  sha1: { hashAlg: p11.CKM_SHA_1, mgf: p11.CKG_MGF1_SHA1 },
  sha256: { hashAlg: p11.CKM_SHA256, mgf: p11.CKG_MGF1_SHA256 },
} as const;

export function oaepMechanism(hash: OaepHash): WrappingMechanism {
  // 4 is pkcs11js's CK_PARAMS_RSA_OAEP, 1 is CKZ_DATA_SPECIFIED.
  return { mechanism: p11.CKM_RSA_PKCS_OAEP, parameter: { type: 4, ...oaepHashes[hash], source: 1 } };
}

/** The token's own number for RFC 5649; `refuseLacking` has made sure that there is one. */
export function keyWrapMechanism(token: OpenToken, flag: number): WrappingMechanism {
  const mechanism = keyWrapping.find((one) => offers(token, one, flag)) ?? p11.CKM_AES_KEY_WRAP_PAD;
  return { mechanism };
}
