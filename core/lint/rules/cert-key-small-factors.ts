import { everyType } from '../helpers.ts';
import { rsaModulusOf, smallFactorOf } from '../rsa-modulus.ts';
import type { KeyRule } from '../rule.ts';

export const certKeySmallFactors: KeyRule = {
  id: 'cert-key-small-factors',
  clause: 'BR 6.1.6; NIST SP 800-89 §5.3.3',
  demand: 'No prime below 752 divides an RSA modulus.',
  appliesTo: everyType,
  check: ({ tbs }) => {
    const modulus = rsaModulusOf(tbs.spki);
    const factor = modulus === undefined ? undefined : smallFactorOf(modulus);
    return factor === undefined ? undefined : `a modulus divisible by ${factor}`;
  },
};
