import { toHex } from '../../ports/hex.ts';
import { signatureAlgorithmOf } from '../../x509/algorithms.ts';
import { everyType } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const certSignatureAlgorithm: CertificateRule = {
  id: 'cert-signature-algorithm',
  clause: 'BR 7.1.3.2',
  demand: 'The signature AlgorithmIdentifier is, byte for byte, one of those BR lists.',
  appliesTo: everyType,
  check: ({ tbs: { signatureIdentifier } }) =>
    signatureAlgorithmOf(signatureIdentifier) === undefined ? toHex(signatureIdentifier.subarray(0, 80)) : undefined,
};
