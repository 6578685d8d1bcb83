import { constants, verify } from 'node:crypto';
import { AcmeProblem, malformed } from '../problems.ts';
import { jwsAlgorithms, type JwsAlgorithm } from './algorithms.ts';
import { algorithmFits, type JwkKey } from './jwk.ts';
import type { Jws } from './parse.ts';

/** Checks the signature with the key; refuses when it does not fit (RFC 8555 §6.2: one key, one algorithm). */
export function verifyJws(jws: Jws, key: JwkKey): void {
  if (!algorithmFits(jws.alg, key)) {
    throw new AcmeProblem('badPublicKey', `${jws.alg} cannot be used with this key.`, 'Sign with the key’s algorithm.');
  }
  const row: JwsAlgorithm = jwsAlgorithms[jws.alg];
  const lengthFits = row.signatureBytes === undefined || jws.signature.length === row.signatureBytes;
  const options =
    row.kty === 'EC'
      ? ({ key: key.key, dsaEncoding: 'ieee-p1363' } as const)
      : row.kty === 'RSA'
        ? { key: key.key, padding: constants.RSA_PKCS1_PADDING }
        : key.key;
  if (lengthFits && verify(row.digest, jws.signingInput, options, jws.signature)) return;
  throw malformed('The signature of the JWS does not verify.', 'Sign with the private key of the account.');
}
