// An OCSP signer as the ceremony makes one: a key of its own, certified by the issuing CA, named in the bundle.
import { buildBundle } from '../../core/bundle/build.ts';
import type { Manifest } from '../../core/bundle/manifest.ts';
import { nodeDigest } from '../../core/node/crypto.ts';
import type { ThrowawayKey } from '../../core/node/throwaway-key.ts';
import { planProfileSchema } from '../../core/profile/profile.ts';
import type { Certificate } from '../../core/x509/certificate.ts';
import { forgeCertificate } from './forge.ts';
import { bundleParts, type TestHierarchy } from './hierarchy.ts';
import { entryOf } from './hostile/reforge.ts';

/** One signer of a bundle, by the name of its key. */
export interface NamedSigner {
  readonly name: string;
  readonly certificate: Certificate;
}

/** Certifies a key as OCSP signer of the issuing CA. */
export async function certifyOcspSigner(
  { issuing, now }: TestHierarchy,
  spki: Uint8Array,
  ca: Pick<ThrowawayKey, 'sign'>,
  { CN = 'Example Corp OCSP Signer O1', days = 90, from = 0 } = {},
): Promise<Certificate> {
  const subject = { C: 'US', O: 'Example Corp', CN };
  const profile = planProfileSchema.parse({ type: 'ocsp-signer', subject, key: 'ec-p256', valid: { for: `${days}d` } });
  return forgeCertificate(profile, spki, ca, { now: now + from, issuer: issuing });
}

/** A bundle with these signers. */
export async function bundleWithSigners(
  hierarchy: TestHierarchy,
  signers: readonly NamedSigner[],
  change: Partial<Manifest> = {},
): Promise<Uint8Array> {
  const ocspSigners = signers.map(({ name, certificate }) => ({
    ...entryOf(name, certificate),
    issuedBy: 'issuing-i1',
  }));
  const { parts } = await bundleParts(hierarchy, { ...(signers.length === 0 ? {} : { ocspSigners }), ...change });
  const certificates = new Map([
    ...parts.certificates,
    ...signers.map(({ name, certificate }) => [`certs/${name}.pem`, certificate.raw] as const),
  ]);
  const signing = { certificate: hierarchy.signer, sign: hierarchy.signerKey.sign };
  return buildBundle({ ...parts, certificates }, signing, hierarchy.now, nodeDigest);
}
