import { fromBase64 } from '../ports/base64.ts';
import { isCoded } from '../ports/coded-error.ts';
import { readSpki } from '../x509/spki.ts';
import type { Manifest } from './manifest.ts';
import { refuseBundle, type BundleRefusal } from './refusals.ts';

/** The algorithm of a public key; undefined where it is none that can be read. */
function algorithmIn(publicKey: string): string | undefined {
  try {
    return readSpki(fromBase64(publicKey)).algorithm;
  } catch (error) {
    if (isCoded(error)) return undefined;
    throw error;
  }
}

/** Why the keys without a certificate are not ones to carry on from. No issuer uses them: the next ceremony looks for them. */
export function keysFault(manifest: Manifest, certified: ReadonlySet<string>): BundleRefusal | undefined {
  const seen = new Set(certified);
  for (const { name, algorithm, publicKey } of manifest.keys ?? []) {
    if (seen.has(name)) return refuseBundle('bundle-name-duplicate', name);
    seen.add(name);
    if (algorithmIn(publicKey) !== algorithm) return refuseBundle('bundle-key', name);
  }
  const unknown = manifest.unsealed?.find((name) => !seen.has(name));
  return unknown === undefined ? undefined : refuseBundle('bundle-unsealed', unknown);
}
