import { createPublicKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { nodeDigest } from '../../../core/node/crypto.ts';
import { fromBase64Url } from '../../../core/ports/base64.ts';
import { utf8 } from '../../../core/ports/bytes.ts';
import { isCoded } from '../../../core/ports/coded-error.ts';
import { AcmeProblem, malformed } from '../problems.ts';
import { jwsAlgorithms, type JwsAlgorithmName } from './algorithms.ts';

/** A public key with its required members alone (RFC 7518 §6, RFC 8037 §2), in the order of RFC 7638. */
type Jwk =
  | { readonly crv: string; readonly kty: 'EC'; readonly x: string; readonly y: string }
  | { readonly e: string; readonly kty: 'RSA'; readonly n: string }
  | { readonly crv: string; readonly kty: 'OKP'; readonly x: string };

/** A key that can verify: parsed once and kept (key-cache.ts). */
export interface JwkKey {
  readonly jwk: Jwk;
  /** RFC 7638 with SHA-256. */
  readonly thumbprint: Uint8Array;
  readonly key: KeyObject;
  /** SubjectPublicKeyInfo, DER: to see that a certificate is not asked for the account's own key. */
  readonly spki: Uint8Array;
}

/** Octets of each coordinate, with its leading zeros (RFC 7518 §6.2.1.2). */
const coordinateBytes: Readonly<Record<string, number>> = { 'P-256': 32, 'P-384': 48, 'P-521': 66, Ed25519: 32 };
const minimumModulusBits = 2048;
const maximumModulusBits = 4096;

const text = z.string().min(1).max(1024);
// Further members ("kid", "use") are allowed and dropped; those that make it a private key are not.
const never = z.undefined().optional();
const privateMembers = { d: never, p: never, q: never, dp: never, dq: never, qi: never, k: never };
const jwkSchema = z.discriminatedUnion('kty', [
  z.looseObject({ kty: z.literal('EC'), crv: text, x: text, y: text, ...privateMembers }),
  z.looseObject({ kty: z.literal('RSA'), n: text, e: text, ...privateMembers }),
  z.looseObject({ kty: z.literal('OKP'), crv: text, x: text, ...privateMembers }),
]);

function badKey(message: string): AcmeProblem {
  return new AcmeProblem(
    'badPublicKey',
    message,
    'Use RSA with 2048 to 4096 bits, P-256, P-384, P-521 or Ed25519, and send the public key alone.',
  );
}

function octets(value: string): Uint8Array {
  try {
    return fromBase64Url(value);
  } catch (error) {
    if (isCoded(error)) throw badKey('A member of the JWK is not base64url without padding.');
    throw error;
  }
}

function bitLength(number: Uint8Array): number {
  return number.length * 8 - Math.clz32(number[0] ?? 0) + 24;
}

/** Checks what node:crypto would let pass, and drops what does not belong to the key. */
function narrow(value: unknown): Jwk {
  const parsed = jwkSchema.safeParse(value);
  if (!parsed.success) throw badKey('The JWK lacks a member, or holds a private key.');
  const jwk = parsed.data;
  if (jwk.kty === 'RSA') {
    const [n, e] = [octets(jwk.n), octets(jwk.e)];
    const bits = bitLength(n);
    const exponentFits = e.length <= 4 && e[0] !== 0 && bitLength(e) > 1 && ((e[e.length - 1] ?? 0) & 1) === 1;
    if (n[0] === 0 || bits < minimumModulusBits || bits > maximumModulusBits || !exponentFits) {
      throw badKey(`The RSA key has ${bits} bits or an unusual exponent.`);
    }
    return { e: jwk.e, kty: 'RSA', n: jwk.n };
  }
  const { kty, crv, x } = jwk;
  const coordinates = kty === 'EC' ? [x, jwk.y] : [x];
  const known = Object.values(jwsAlgorithms).some((row) => row.kty === kty && 'crv' in row && row.crv === crv);
  if (!known || coordinates.some((coordinate) => octets(coordinate).length !== coordinateBytes[crv])) {
    throw badKey('The curve is not one that is accepted, or a coordinate has the wrong length.');
  }
  return jwk.kty === 'EC' ? { crv, kty: 'EC', x, y: jwk.y } : { crv, kty: 'OKP', x };
}

/** RFC 7638 §3: the required members in alphabetic order, without spaces. */
function thumbprint(jwk: Jwk): Uint8Array {
  const members = Object.entries(jwk).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return nodeDigest('sha256', utf8(JSON.stringify(Object.fromEntries(members))));
}

/** A usable key from a JWK in a request, or a `badPublicKey` problem. A point off its curve does not pass. */
export function readJwk(value: unknown): JwkKey {
  const jwk = narrow(value);
  let key: KeyObject;
  try {
    key = createPublicKey({ key: { ...jwk }, format: 'jwk' });
  } catch {
    throw badKey('The JWK is not a key.');
  }
  return { jwk, thumbprint: thumbprint(jwk), key, spki: key.export({ format: 'der', type: 'spki' }) };
}

/** Whether this algorithm may be used with this key: each key has one. */
export function algorithmFits(name: JwsAlgorithmName, { jwk }: JwkKey): boolean {
  const row = jwsAlgorithms[name];
  if (row.kty !== jwk.kty) return false;
  return !('crv' in row) || (jwk.kty !== 'RSA' && row.crv === jwk.crv);
}

/** Refuses a JWS that names no key, or both kinds. */
export function keyMemberFault(header: { readonly jwk?: unknown; readonly kid?: unknown }): AcmeProblem | undefined {
  if ((header.jwk === undefined) !== (header.kid === undefined)) return undefined;
  return malformed(
    'The protected header must name the key by exactly one of "jwk" and "kid".',
    'Send "jwk" to make an account or to revoke with the certificate key, "kid" for everything else.',
  );
}
