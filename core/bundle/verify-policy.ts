import { isCoded } from '../ports/coded-error.ts';
import { extensionOf, type Certificate } from '../x509/certificate.ts';
import { keyPurposes, readExtKeyUsage } from '../x509/extensions/ext-key-usage.ts';
import { oids } from '../x509/oids.ts';
import type { IssuerEntry } from './manifest.ts';
import { refuseBundle, type BundleRefusal } from './refusals.ts';

/** Key purposes of a certificate; none where the extension is absent or does not parse. */
function purposesOf(tbs: Certificate['tbs']): readonly string[] {
  const extension = extensionOf(tbs, oids.extKeyUsage);
  if (extension === undefined) return [];
  try {
    return readExtKeyUsage(extension.value);
  } catch (error) {
    if (isCoded(error)) return [];
    throw error;
  }
}

/** Why the signed policy of an issuer would allow more than its certificate does, or undefined: fail closed. */
export function policyFault(entry: IssuerEntry, { tbs }: Certificate): BundleRefusal | undefined {
  const purposes = purposesOf(tbs);
  const wider = entry.policy.eku.filter((purpose) => !purposes.includes(keyPurposes[purpose]));
  if (wider.length > 0) return refuseBundle('bundle-policy', `${entry.name}: ${wider.join(', ')}`);
  const life = tbs.notAfter - tbs.notBefore + 1;
  if (entry.policy.maxValidity > life) {
    return refuseBundle('bundle-policy', `${entry.name}: leaves of ${entry.policy.maxValidity} s, CA of ${life} s`);
  }
  return undefined;
}
