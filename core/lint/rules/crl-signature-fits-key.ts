import { signatureMisfit } from '../helpers.ts';
import type { CrlRule } from '../rule.ts';

export const crlSignatureFitsKey: CrlRule = {
  id: 'crl-signature-fits-key',
  clause: 'BR 7.1.3.2.1 and 7.1.3.2.2 (P-256 with SHA-256, P-384 with SHA-384)',
  demand: 'The issuer’s key can make the signature that is named.',
  check: ({ tbs, issuer }) =>
    issuer === undefined ? undefined : signatureMisfit(tbs.signatureIdentifier, issuer.tbs.spki),
};
