import { combine, split } from 'shamir-secret-sharing';
import type { SecretSharing } from '../ports/secret-sharing.ts';

/** The audited library; it draws its randomness from the same generator as `systemEntropy`. */
export const shamirSharing: SecretSharing = {
  split: (secret, count, threshold) => split(secret, count, threshold),
  combine: (shares) => combine([...shares]),
};
