import { keyAlgorithms } from '../../x509/algorithms.ts';
import type { KeyUsage } from '../../x509/extensions/key-usage.ts';
import type { ProfileType } from '../../profile/profile.ts';
import { everyType, keyUsageOf, publicKeyOf } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

const wanted: Readonly<Record<ProfileType, readonly KeyUsage[]>> = {
  root: ['keyCertSign', 'cRLSign'],
  intermediate: ['keyCertSign', 'cRLSign'],
  'bundle-signer': ['digitalSignature'],
  'ocsp-signer': ['digitalSignature'],
  leaf: ['digitalSignature'],
};

/** An RSA key of a leaf also encrypts the premaster secret of old TLS (BR 7.1.2.7.11). */
function wantedFor(type: ProfileType, spki: Uint8Array): readonly KeyUsage[] {
  const key = publicKeyOf(spki);
  const encrypts = type === 'leaf' && key !== undefined && keyAlgorithms[key.algorithm].kind === 'rsa';
  return encrypts ? [...wanted.leaf, 'keyEncipherment'] : wanted[type];
}

export const certKeyUsageSet: CertificateRule = {
  id: 'cert-key-usage-set',
  clause: 'RFC 5280 §4.2.1.3; BR 7.1.2.10.7, 7.1.2.8.7 and 7.1.2.7.11',
  demand: 'The key usages are exactly those of the profile type and kind of key.',
  appliesTo: everyType,
  check: ({ tbs, type }) => {
    const usages = keyUsageOf(tbs);
    if (usages === undefined) return undefined;
    const demanded = wantedFor(type, tbs.spki);
    const same = usages.length === demanded.length && demanded.every((usage) => usages.includes(usage));
    return same ? undefined : `${usages.join(', ') || 'none'} instead of ${demanded.join(', ')}`;
  },
};
