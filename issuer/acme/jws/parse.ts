import { z } from 'zod';
import { fromBase64Url } from '../../../core/ports/base64.ts';
import { fromUtf8 } from '../../../core/ports/bytes.ts';
import { isCoded } from '../../../core/ports/coded-error.ts';
import { AcmeProblem, malformed } from '../problems.ts';
import { isJwsAlgorithm, jwsAlgorithmNames, type JwsAlgorithmName } from './algorithms.ts';
import { keyMemberFault } from './jwk.ts';

/** A flattened JWS (RFC 7515 §7.2.2) whose signature has not been checked yet. */
export interface Jws {
  readonly alg: JwsAlgorithmName;
  readonly url: string;
  /** Absent in the inner JWS of a key change. */
  readonly nonce: string | undefined;
  /** Exactly one of the two is there. */
  readonly jwk: unknown;
  readonly kid: string | undefined;
  /** ASCII(protected) ‖ "." ‖ ASCII(payload): what was signed. */
  readonly signingInput: Uint8Array;
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
}

/** RFC 8555 §6.2: nothing but the protected header counts, and several signatures are not allowed. */
const never = z.undefined().optional();
const envelopeSchema = z.looseObject({
  protected: z.string().min(1),
  payload: z.string(),
  signature: z.string(),
  header: never,
  signatures: never,
});

// Unknown members are ignored as RFC 7515 §4 wants, but what would change the meaning of the rest is refused.
const headerSchema = z.looseObject({
  alg: z.string(),
  url: z.string().max(2048),
  nonce: z.string().max(256).optional(),
  jwk: z.looseObject({}).optional(),
  kid: z.string().max(2048).optional(),
  crit: never,
  b64: never,
});

/** Octets of one member of a JWS; malformed unless it is base64url without padding. */
export function decodePart(value: string, name: string): Uint8Array {
  try {
    return fromBase64Url(value);
  } catch (error) {
    if (isCoded(error)) throw malformed(`The JWS member "${name}" is not base64url without padding.`);
    throw error;
  }
}

/** JSON of bytes that must be UTF-8; malformed otherwise. */
export function parseJson(bytes: Uint8Array, what: string): unknown {
  try {
    return JSON.parse(fromUtf8(bytes) ?? '');
  } catch {
    throw malformed(`${what} is not JSON.`);
  }
}

function refuseAlgorithm(alg: string): AcmeProblem {
  return new AcmeProblem(
    'badSignatureAlgorithm',
    `The JWS is signed with the algorithm "${alg.slice(0, 40)}", which is not accepted here.`,
    `Use one of ${jwsAlgorithmNames.join(', ')}.`,
    { members: { algorithms: jwsAlgorithmNames } },
  );
}

/** Reads the body of a request, strictly. Nothing of it may be believed before the signature has been checked. */
export function parseJws(body: unknown): Jws {
  const envelope = envelopeSchema.safeParse(body);
  if (!envelope.success) {
    throw malformed(
      'The request is not a JWS in the flattened JSON serialization with one signature and no unprotected header.',
      'Send {"protected": …, "payload": …, "signature": …}.',
    );
  }
  const { protected: protectedText, payload, signature } = envelope.data;
  const header = headerSchema.safeParse(parseJson(decodePart(protectedText, 'protected'), 'The protected header'));
  if (!header.success) {
    throw malformed('The protected header lacks alg or url, or holds crit, b64 or a member of the wrong type.');
  }
  const { alg, url, nonce, jwk, kid } = header.data;
  const fault = keyMemberFault({ jwk, kid });
  if (fault !== undefined) throw fault;
  if (!isJwsAlgorithm(alg)) throw refuseAlgorithm(alg);
  return {
    alg,
    url,
    nonce,
    jwk,
    kid,
    signingInput: Buffer.from(`${protectedText}.${payload}`, 'latin1'),
    payload: decodePart(payload, 'payload'),
    signature: decodePart(signature, 'signature'),
  };
}
