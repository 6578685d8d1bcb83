import { randomBytes } from 'node:crypto';
import type { Entropy } from '../ports/entropy.ts';

/** The operating system's CSPRNG. The only place in the project that draws from it. */
export const systemEntropy: Entropy = {
  bytes: (length) => randomBytes(length),
};

/** Bytes drawn at a time by {@link pooledEntropy}. */
const poolBytes = 4096;

/**
 * The same bytes, drawn in larger pieces, for a program that wants a few of them many times a second. Each is handed out
 * once and wiped where it lay.
 */
export function pooledEntropy(source: Entropy = systemEntropy): Entropy {
  let pool: Uint8Array = new Uint8Array(0);
  return {
    bytes: (length) => {
      if (length > poolBytes / 8) return source.bytes(length);
      if (pool.length < length) pool = source.bytes(poolBytes);
      const taken = Uint8Array.from(pool.subarray(0, length));
      pool.fill(0, 0, length);
      pool = pool.subarray(length);
      return taken;
    },
  };
}
