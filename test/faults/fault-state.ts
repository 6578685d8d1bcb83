import * as p11 from '../../core/node/pkcs11/constants.ts';
import type { Handle, Mechanism } from '../../core/node/pkcs11/cryptoki.ts';
import type { FaultObject } from './fault-objects.ts';
import type { FaultTokenScript } from './fault-script.ts';

// What the fault library keeps, and what it can do.

export interface FaultToken {
  script: FaultTokenScript;
  readonly objects: Map<number, FaultObject>;
  triesLeft: number;
  loggedIn: boolean;
  soLoggedIn: boolean;
}

export interface FaultSession {
  readonly token: FaultToken;
  search?: number[];
  signing?: { readonly mechanism: Mechanism; readonly object: FaultObject };
  busy: boolean;
}

export const mechanisms = [
  p11.CKM_RSA_PKCS_KEY_PAIR_GEN,
  p11.CKM_RSA_PKCS,
  p11.CKM_RSA_PKCS_PSS,
  p11.CKM_SHA256_RSA_PKCS,
  p11.CKM_SHA384_RSA_PKCS,
  p11.CKM_SHA512_RSA_PKCS,
  p11.CKM_SHA256_RSA_PKCS_PSS,
  p11.CKM_SHA384_RSA_PKCS_PSS,
  p11.CKM_SHA512_RSA_PKCS_PSS,
  p11.CKM_EC_KEY_PAIR_GEN,
  p11.CKM_ECDSA,
  p11.CKM_AES_KEY_GEN,
  p11.CKM_AES_KEY_WRAP_PAD,
  p11.CKM_RSA_PKCS_OAEP,
];

export const hashOf: Readonly<Record<number, string>> = {
  [p11.CKM_SHA256_RSA_PKCS]: 'sha256',
  [p11.CKM_SHA384_RSA_PKCS]: 'sha384',
  [p11.CKM_SHA512_RSA_PKCS]: 'sha512',
  [p11.CKM_SHA256]: 'sha256',
  [p11.CKM_SHA384]: 'sha384',
  [p11.CKM_SHA512]: 'sha512',
};

export function handleOf(number: number): Handle {
  const handle = Buffer.alloc(8);
  handle.writeBigUInt64LE(BigInt(number));
  return handle;
}

export function numberOf(handle: Handle): number {
  return Number(handle.readBigUInt64LE(0));
}
