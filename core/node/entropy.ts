import { randomBytes } from 'node:crypto';
import type { Entropy } from '../ports/entropy.ts';

/** The operating system's CSPRNG. The only place in the project that draws from it. */
export const systemEntropy: Entropy = {
  bytes: (length) => randomBytes(length),
};
