import type { Digest } from '../../core/ports/digest.ts';
import { utf8 } from '../../core/ports/bytes.ts';
import { toHex } from '../../core/ports/hex.ts';
import { wordRows } from '../../core/ceremony/words.ts';

/** A hash as the window shows it: to compare, and to read aloud. */
export interface Hashed {
  readonly sha256: string;
  readonly words: string[];
}

export function hashed(sha256: string): Hashed {
  return { sha256, words: [...wordRows(sha256)] };
}

export function hashOf(bytes: Uint8Array, digest: Digest): Hashed {
  return hashed(toHex(digest('sha256', bytes)));
}

/** The id a page knows something by: it says nothing of where it is, and is the same after a restart. */
export function idOf(place: string, digest: Digest): string {
  return toHex(digest('sha256', utf8(place)).subarray(0, 8));
}
