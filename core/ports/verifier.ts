import type { SignatureAlgorithmName } from './algorithm-names.ts';

/** Checks a signature in software, with the SubjectPublicKeyInfo (DER) given: never with the device that made it. */
export type Verifier = (
  spki: Uint8Array,
  algorithm: SignatureAlgorithmName,
  message: Uint8Array,
  signature: Uint8Array,
) => boolean;
