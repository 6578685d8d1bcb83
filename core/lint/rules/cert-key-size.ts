import { isCoded } from '../../ports/coded-error.ts';
import { readSpki } from '../../x509/spki.ts';
import { everyType, isAllowedKeyAlgorithm, keyAlgorithmBytes } from '../helpers.ts';
import type { KeyRule } from '../rule.ts';

export const certKeySize: KeyRule = {
  id: 'cert-key-size',
  clause: 'BR 6.1.5 and 6.1.6',
  demand: 'The key is an uncompressed P-256 or P-384 point, or RSA of 2048, 3072 or 4096 bits with exponent 65537.',
  appliesTo: everyType,
  check: ({ tbs }) => {
    const identifier = keyAlgorithmBytes(tbs.spki);
    // Any other algorithm is the finding of cert-key-algorithm.
    if (identifier === undefined || !isAllowedKeyAlgorithm(identifier)) return undefined;
    try {
      readSpki(tbs.spki);
      return undefined;
    } catch (error) {
      if (isCoded(error)) return error.message;
      throw error;
    }
  },
};
