import { generateKeyPair, sign } from 'node:crypto';
import { promisify } from 'node:util';
import type { KeyAlgorithmName, SignatureAlgorithmName } from '../ports/algorithm-names.ts';
import { keyAlgorithms, signatureAlgorithms } from '../x509/algorithms.ts';
import { signatureOptions } from './crypto.ts';

const generate = promisify(generateKeyPair);

/** A software key that lives as long as the process: for preflights and for the issuer's own TLS certificate. */
export interface ThrowawayKey {
  readonly algorithm: KeyAlgorithmName;
  readonly spki: Uint8Array;
  sign(algorithm: SignatureAlgorithmName, message: Uint8Array): Promise<Uint8Array>;
  /** PKCS#8, DER: for the TLS server, which must hold its own key. */
  pkcs8(): Uint8Array;
}

/** Generates a software key. */
export async function throwawayKey(algorithm: KeyAlgorithmName): Promise<ThrowawayKey> {
  const { kind, bits } = keyAlgorithms[algorithm];
  const { publicKey, privateKey } =
    kind === 'ec'
      ? await generate('ec', { namedCurve: bits === 256 ? 'P-256' : 'P-384' })
      : await generate('rsa', { modulusLength: bits });
  return {
    algorithm,
    spki: publicKey.export({ format: 'der', type: 'spki' }),
    sign: (name, message) =>
      Promise.resolve(sign(signatureAlgorithms[name].digest, message, { key: privateKey, ...signatureOptions(name) })),
    pkcs8: () => privateKey.export({ format: 'der', type: 'pkcs8' }),
  };
}
