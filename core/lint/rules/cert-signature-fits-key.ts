import { everyType, signatureMisfit } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const certSignatureFitsKey: CertificateRule = {
  id: 'cert-signature-fits-key',
  clause: 'BR 7.1.3.2.1 and 7.1.3.2.2 (P-256 with SHA-256, P-384 with SHA-384)',
  demand: 'The issuer’s key can make the signature that is named.',
  appliesTo: everyType,
  check: ({ tbs, type, issuer }) => {
    const spki = type === 'root' ? tbs.spki : issuer?.tbs.spki;
    return spki === undefined ? undefined : signatureMisfit(tbs.signatureIdentifier, spki);
  },
};
