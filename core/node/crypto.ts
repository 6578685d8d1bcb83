import {
  constants,
  createHash,
  createPublicKey,
  verify as verifySignature,
  type KeyObject,
  type VerifyKeyObjectInput,
} from 'node:crypto';
import type { Digest } from '../ports/digest.ts';
import type { SignatureAlgorithmName } from '../ports/algorithm-names.ts';
import type { Verifier } from '../ports/verifier.ts';
import { signatureAlgorithms } from '../x509/algorithms.ts';
import { toPem } from '../x509/pem.ts';

/** The digest port over node:crypto. */
export const nodeDigest: Digest = (algorithm, bytes) => createHash(algorithm).update(bytes).digest();

/** Options for node:crypto's sign and verify that mean exactly this signature algorithm. */
export function signatureOptions(algorithm: SignatureAlgorithmName): { padding?: number; saltLength?: number } {
  const { scheme } = signatureAlgorithms[algorithm];
  if (scheme === 'rsassa-pkcs1') return { padding: constants.RSA_PKCS1_PADDING };
  if (scheme === 'rsassa-pss') {
    return { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
  }
  return {};
}

/**
 * The key as node:crypto's sign and verify take it for exactly this signature algorithm. ECDSA needs no options, and goes
 * without: to look at an object of options costs Node as much as a third of the verification (docs/benchmarks.md).
 */
export function keyFor(algorithm: SignatureAlgorithmName, key: KeyObject): KeyObject | VerifyKeyObjectInput {
  return signatureAlgorithms[algorithm].scheme === 'ecdsa' ? key : { key, ...signatureOptions(algorithm) };
}

function publicKeyOf(spki: Uint8Array): KeyObject | undefined {
  try {
    // As PEM, though it comes as DER: Node looks at an object of options by four exceptions, each with a stack.
    return createPublicKey(toPem('PUBLIC KEY', spki));
  } catch {
    return undefined;
  }
}

/** The verifier port over node:crypto. A key that does not parse, or lies off its curve, verifies nothing. */
export const nodeVerifier: Verifier = (spki, algorithm, message, signature) => {
  const key = publicKeyOf(spki);
  if (key === undefined) return false;
  const { scheme, digest } = signatureAlgorithms[algorithm];
  if (key.asymmetricKeyType !== (scheme === 'ecdsa' ? 'ec' : 'rsa')) return false;
  return verifySignature(digest, message, keyFor(algorithm, key), signature);
};
