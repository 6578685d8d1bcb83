import { toHex } from '../../ports/hex.ts';
import { everyType, isAllowedKeyAlgorithm, keyAlgorithmBytes } from '../helpers.ts';
import type { KeyRule } from '../rule.ts';

export const certKeyAlgorithm: KeyRule = {
  id: 'cert-key-algorithm',
  clause: 'BR 7.1.3.1',
  demand: 'The AlgorithmIdentifier of the key is, byte for byte, that of rsaEncryption, P-256 or P-384.',
  appliesTo: everyType,
  check: ({ tbs }) => {
    const identifier = keyAlgorithmBytes(tbs.spki);
    if (identifier === undefined) return 'no SubjectPublicKeyInfo';
    return isAllowedKeyAlgorithm(identifier) ? undefined : toHex(identifier.subarray(0, 80));
  },
};
