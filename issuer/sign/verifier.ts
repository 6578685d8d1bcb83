import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { keyFor } from '../../core/node/crypto.ts';
import type { Verifier } from '../../core/ports/verifier.ts';
import { signatureAlgorithms } from '../../core/x509/algorithms.ts';

/**
 * Checks our own signatures with the keys of our own certificates, each parsed once: the array that holds such a key
 * lives as long as its certificate and is what it is remembered by.
 */
export function issuerVerifier(): Verifier {
  const keys = new WeakMap<Uint8Array, KeyObject>();
  return (spki, algorithm, message, signature) => {
    let key = keys.get(spki);
    if (key === undefined) {
      key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
      keys.set(spki, key);
    }
    return verify(signatureAlgorithms[algorithm].digest, message, keyFor(algorithm, key), signature);
  };
}
