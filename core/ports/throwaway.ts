import type { KeyAlgorithmName, SignatureAlgorithmName } from './algorithm-names.ts';

/** Makes a key in software that nobody keeps: preflight signs everything once with such keys. */
export type ThrowawayKeys = (algorithm: KeyAlgorithmName) => Promise<{
  readonly spki: Uint8Array;
  sign(algorithm: SignatureAlgorithmName, message: Uint8Array): Promise<Uint8Array>;
}>;
