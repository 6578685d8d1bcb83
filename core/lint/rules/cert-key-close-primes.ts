import { everyType } from '../helpers.ts';
import { hasClosePrimes, rsaModulusOf } from '../rsa-modulus.ts';
import type { KeyRule } from '../rule.ts';

/** As many as BR asks for. */
const rounds = 100;

export const certKeyClosePrimes: KeyRule = {
  id: 'cert-key-close-primes',
  clause: 'BR 6.1.1.3 (close primes)',
  demand: 'A hundred rounds of Fermat’s method do not factor an RSA modulus.',
  appliesTo: everyType,
  check: ({ tbs }) => {
    const modulus = rsaModulusOf(tbs.spki);
    return modulus !== undefined && hasClosePrimes(modulus, rounds) ? 'a modulus of two close primes' : undefined;
  },
};
