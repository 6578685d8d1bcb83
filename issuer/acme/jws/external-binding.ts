import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { AcmeProblem, malformed, unauthorized } from '../problems.ts';
import { readJwk, type JwkKey } from './jwk.ts';
import { decodePart, parseJson } from './parse.ts';

/** MACs of RFC 7518 §3.2. */
const macs: Readonly<Record<string, string>> = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' };

const never = z.undefined().optional();
export const externalBindingSchema = z.looseObject({
  protected: z.string().min(1).max(4096),
  payload: z.string().min(1).max(8192),
  signature: z.string().min(1).max(256),
  header: never,
  signatures: never,
});
const headerSchema = z.looseObject({
  alg: z.string(),
  kid: z
    .string()
    .max(200)
    .regex(/^\P{Cc}+$/u),
  url: z.string().max(2048),
  nonce: never,
  crit: never,
  b64: never,
});

/** An external account binding that fits its request; whether its MAC does is not known yet. */
export interface ExternalBinding {
  readonly kid: string;
  /** As it was sent, which the account object repeats. */
  readonly jws: object;
  /** Throws unless it was made with this MAC key. */
  verify(secret: Uint8Array): void;
}

function refuseMac(alg: string): AcmeProblem {
  const algorithms = Object.keys(macs);
  return new AcmeProblem(
    'badSignatureAlgorithm',
    `The external account binding is made with "${alg.slice(0, 40)}", which is not a MAC that is accepted here.`,
    `Use one of ${algorithms.join(', ')}.`,
    { members: { algorithms } },
  );
}

/** Reads a binding (RFC 8555 §7.3.4): MAC, kid, the url of the outer request, no nonce, and the account key as payload. */
export function readExternalBinding(
  jws: z.infer<typeof externalBindingSchema>,
  url: string,
  account: JwkKey,
): ExternalBinding {
  const header = headerSchema.safeParse(
    parseJson(decodePart(jws.protected, 'protected'), 'The header of the external account binding'),
  );
  if (!header.success)
    throw malformed('The header of the external account binding lacks alg, kid or url, or has a nonce.');
  const { alg, kid } = header.data;
  const digest = Object.hasOwn(macs, alg) ? macs[alg] : undefined;
  if (digest === undefined) throw refuseMac(alg);
  if (header.data.url !== url) throw malformed('The "url" of the external account binding is not that of the request.');
  const bound = readJwk(parseJson(decodePart(jws.payload, 'payload'), 'The external account binding'));
  if (Buffer.compare(bound.thumbprint, account.thumbprint) !== 0) {
    throw malformed('The external account binding is not for the key of the account.');
  }
  const signature = decodePart(jws.signature, 'signature');
  return {
    kid,
    jws: { protected: jws.protected, payload: jws.payload, signature: jws.signature },
    verify(secret) {
      const expected = createHmac(digest, secret).update(`${jws.protected}.${jws.payload}`).digest();
      if (signature.length === expected.length && timingSafeEqual(signature, expected)) return;
      throw unknownExternalAccount();
    },
  };
}

/** One answer for a kid that is unknown, used up or revoked, and for a MAC that does not fit: nothing is learnt of either. */
export function unknownExternalAccount(): AcmeProblem {
  return unauthorized('The external account binding is not one that this directory accepts.', 'Ask for a new key.');
}
