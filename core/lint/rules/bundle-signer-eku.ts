import { oidName, oids } from '../../x509/oids.ts';
import { extKeyUsageOf } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const bundleSignerEku: CertificateRule = {
  id: 'bundle-signer-eku',
  clause: 'RFC 5280 §4.2.1.12; Coldroot (a bundle signer signs bundles and nothing else)',
  demand: 'A bundle signer’s only key purpose is bundleSigning.',
  appliesTo: ['bundle-signer'],
  check: ({ tbs }) => {
    const purposes = extKeyUsageOf(tbs) ?? [];
    const only = purposes.length === 1 && purposes[0] === oids.bundleSigning;
    return only ? undefined : purposes.map(oidName).join(', ') || 'none';
  },
};
