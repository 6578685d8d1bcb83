import { verify } from 'node:crypto';
import { ecdsaRawToDer } from '../../../core/x509/ecdsa-signature.ts';
import { AcmeProblem, malformed } from '../problems.ts';
import { jwsAlgorithms, type JwsAlgorithm } from './algorithms.ts';
import { algorithmFits, type JwkKey } from './jwk.ts';
import type { Jws } from './parse.ts';

/** Apple's client drops the zeros that a signature begins with; what it means is as clear as with them. */
function withLeadingZeros(signature: Uint8Array, length: number | undefined): Uint8Array {
  if (length === undefined || signature.length === 0 || signature.length >= length) return signature;
  return Buffer.concat([Buffer.alloc(length - signature.length), signature]);
}

/** Checks the signature with the key; refuses when it does not fit (RFC 8555 §6.2: one key, one algorithm). */
export function verifyJws(jws: Jws, key: JwkKey): void {
  if (!algorithmFits(jws.alg, key)) {
    throw new AcmeProblem('badPublicKey', `${jws.alg} cannot be used with this key.`, 'Sign with the key’s algorithm.');
  }
  const row: JwsAlgorithm = jwsAlgorithms[jws.alg];
  const signature = row.kty === 'EC' ? withLeadingZeros(jws.signature, row.signatureBytes) : jws.signature;
  const lengthFits = row.signatureBytes === undefined || signature.length === row.signatureBytes;
  // The bare key and DER, not an object of options: to look at one costs Node a third of the verification. For an RSA key
  // Node's own padding is PKCS #1 v1.5, which is what RS256 means.
  const encoded = (): Uint8Array => (row.kty === 'EC' ? ecdsaRawToDer(signature) : signature);
  if (lengthFits && verify(row.digest, jws.signingInput, key.key, encoded())) return;
  throw malformed('The signature of the JWS does not verify.', 'Sign with the private key of the account.');
}
