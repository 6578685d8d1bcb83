import { toBase64Url } from '../../core/ports/base64.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Entropy } from '../../core/ports/entropy.ts';

/**
 * A name for an account, order, authorization or challenge: 20 characters of base64url. The time comes first so that
 * rows made together lie together in the index; 88 random bits keep names from being guessed.
 */
export function newId({ clock, entropy }: { readonly clock: Clock; readonly entropy: Entropy }): string {
  const time = Buffer.alloc(4);
  time.writeUInt32BE(clock.now() >>> 0);
  return toBase64Url(Buffer.concat([time, entropy.bytes(11)]));
}

export const idPattern = /^[A-Za-z0-9_-]{20}$/u;

/** A challenge token: 256 random bits, base64url without padding (RFC 8555 §8.1 wants 128). */
export function newToken(entropy: Entropy): string {
  return toBase64Url(entropy.bytes(32));
}
