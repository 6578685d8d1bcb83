import { createHash, timingSafeEqual } from 'node:crypto';
import type { Entropy } from '../../core/ports/entropy.ts';
import { toHex } from '../../core/ports/hex.ts';

const secretBytes = 32;

function same(left: string, right: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}

/**
 * Lets one page in. The token in the printed URL works once and is exchanged for a bearer that only that page knows;
 * whoever finds the URL later, in a history or on a screen, finds nothing.
 */
export class Admission {
  readonly token: string;
  readonly #entropy: Entropy;
  #bearer: string | undefined;

  constructor(entropy: Entropy) {
    this.#entropy = entropy;
    this.token = toHex(entropy.bytes(secretBytes));
  }

  /** The bearer for the token, once. */
  exchange(token: string): string | undefined {
    if (this.#bearer !== undefined || !same(token, this.token)) return undefined;
    this.#bearer = toHex(this.#entropy.bytes(secretBytes));
    return this.#bearer;
  }

  /** Whether an Authorization header is the admitted page's. */
  admits(authorization: string | undefined): boolean {
    return this.#bearer !== undefined && authorization !== undefined && same(authorization, `Bearer ${this.#bearer}`);
  }
}
