import { createHash, timingSafeEqual } from 'node:crypto';
import { toBase64Url } from '../../core/ports/base64.ts';

/** RFC 8555 §8.1: token ‖ "." ‖ base64url(thumbprint of the account key). */
export function keyAuthorizationOf(token: string, thumbprint: Uint8Array): string {
  return `${token}.${toBase64Url(thumbprint)}`;
}

/** Compares in a time that does not tell where the difference is: hashes of both are compared. */
export function equalTexts(left: string, right: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest();
  return timingSafeEqual(hash(left), hash(right));
}
