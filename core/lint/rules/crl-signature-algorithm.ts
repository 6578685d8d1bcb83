import { toHex } from '../../ports/hex.ts';
import { signatureAlgorithmOf } from '../../x509/algorithms.ts';
import type { CrlRule } from '../rule.ts';

export const crlSignatureAlgorithm: CrlRule = {
  id: 'crl-signature-algorithm',
  clause: 'BR 7.1.3.2',
  demand: 'The signature AlgorithmIdentifier is, byte for byte, one of those BR lists.',
  check: ({ tbs: { signatureIdentifier } }) =>
    signatureAlgorithmOf(signatureIdentifier) === undefined ? toHex(signatureIdentifier.subarray(0, 80)) : undefined,
};
