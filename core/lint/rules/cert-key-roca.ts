import { everyType } from '../helpers.ts';
import { hasRocaFingerprint, rsaModulusOf } from '../rsa-modulus.ts';
import type { KeyRule } from '../rule.ts';

export const certKeyRoca: KeyRule = {
  id: 'cert-key-roca',
  clause: 'BR 6.1.1.3 (ROCA, CVE-2017-15361)',
  demand: 'An RSA modulus does not bear the fingerprint of the faulty key generator.',
  appliesTo: everyType,
  check: ({ tbs }) => {
    const modulus = rsaModulusOf(tbs.spki);
    return modulus !== undefined && hasRocaFingerprint(modulus) ? 'a modulus with the ROCA fingerprint' : undefined;
  },
};
