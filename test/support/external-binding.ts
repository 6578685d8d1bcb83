import { createHmac } from 'node:crypto';
import type { AccountKey } from './acme.ts';

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** An external account binding as a client makes it (RFC 8555 §7.3.4), with what is to be wrong with it. */
export function bindWith(
  mac: Uint8Array,
  key: AccountKey,
  header: Record<string, unknown>,
  { digest = 'sha256', payload = key.jwk } = {},
): object {
  const protectedText = encode({ alg: 'HS256', ...header });
  const body = encode(payload);
  const signature = createHmac(digest, mac).update(`${protectedText}.${body}`).digest('base64url');
  return { protected: protectedText, payload: body, signature };
}
