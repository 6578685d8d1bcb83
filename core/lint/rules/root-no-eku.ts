import { extensionOf } from '../../x509/certificate.ts';
import { oids } from '../../x509/oids.ts';
import type { CertificateRule } from '../rule.ts';

export const rootNoEku: CertificateRule = {
  id: 'root-no-eku',
  clause: 'BR 7.1.2.1.2 (extKeyUsage: MUST NOT)',
  demand: 'A root has no extended key usage.',
  appliesTo: ['root'],
  check: ({ tbs }) => (extensionOf(tbs, oids.extKeyUsage) === undefined ? undefined : 'an extended key usage'),
};
