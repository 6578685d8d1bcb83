import { basicConstraintsOf, endEntityTypes, keyUsageOf } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const endEntityNotCa: CertificateRule = {
  id: 'end-entity-not-ca',
  clause: 'RFC 5280 §4.2.1.9 and §4.2.1.3; BR 7.1.2.7.8',
  demand: 'A leaf, bundle signer or OCSP signer is no CA: neither cA TRUE nor keyCertSign nor cRLSign.',
  appliesTo: endEntityTypes,
  check: ({ tbs }) => {
    if (basicConstraintsOf(tbs)?.ca === true) return 'cA TRUE';
    return keyUsageOf(tbs)?.find((usage) => usage === 'keyCertSign' || usage === 'cRLSign');
  },
};
