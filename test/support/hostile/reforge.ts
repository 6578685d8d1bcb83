// Parts of bundles made anew so that everything but the one thing a kind is about fits again.
import type { BundleParts } from '../../../core/bundle/build.ts';
import type { IssuerEntry, Manifest } from '../../../core/bundle/manifest.ts';
import type { ThrowawayKey } from '../../../core/node/throwaway-key.ts';
import { formatUtc } from '../../../core/profile/dates.ts';
import { planProfileSchema } from '../../../core/profile/profile.ts';
import type { Certificate } from '../../../core/x509/certificate.ts';
import type { Revocation } from '../../../core/x509/crl.ts';
import { forgeCertificate, forgeCrl, type Forge, type Recipe } from '../forge.ts';
import { sha256, testProfiles } from '../hierarchy.ts';

export const day = 86_400;
export const rootFile = 'certs/root-r1.pem';
export const issuingFile = 'certs/issuing-i1.pem';
export const crlFile = 'crls/root-r1.pem';

export function entryOf(name: string, { raw, tbs }: Certificate): Manifest['roots'][number] {
  return { name, certificate: `certs/${name}.pem`, sha256: sha256(raw), spki: sha256(tbs.spki) };
}

/** An issuer's entry like that of the valid bundle, for another certificate. */
export function issuerEntry(
  name: string,
  certificate: Certificate,
  issuedBy: string,
  rest: readonly string[] = [],
): IssuerEntry {
  return {
    ...entryOf(name, certificate),
    issuedBy,
    chains: [[`certs/${name}.pem`, ...rest]],
    policy: { maxValidity: 90 * day, keys: ['ec-p256'], eku: ['serverAuth'] },
  };
}

export function adding(
  certificates: Readonly<Record<string, Certificate>>,
): (parts: BundleParts) => Partial<BundleParts> {
  const more = Object.entries(certificates).map(([name, { raw }]) => [`certs/${name}.pem`, raw] as const);
  return ({ certificates: there }) => ({ certificates: new Map([...there, ...more]) });
}

/** The issuing CA's certificate replaced by another for the same name. */
export async function reissued(
  { hierarchy: { root, rootKey, issuing, now } }: Forge,
  change: Parameters<typeof forgeCertificate>[3]['change'],
  valid = '5y',
): Promise<Recipe> {
  const profile = planProfileSchema.parse({ ...testProfiles.issuing, valid: { for: valid } });
  const options = { now, issuer: root, ...(change === undefined ? {} : { change }) };
  const certificate = await forgeCertificate(profile, issuing.tbs.spki, rootKey, options);
  return {
    parts: adding({ 'issuing-i1': certificate }),
    manifest: (manifest) => ({
      ...manifest,
      issuers: manifest.issuers.map((entry) => ({ ...entry, ...entryOf('issuing-i1', certificate) })),
    }),
  };
}

/** Another CRL of the root, described as it is in the manifest. */
export async function recrled(
  { hierarchy: { root, rootKey, now } }: Forge,
  options: Partial<Parameters<typeof forgeCrl>[2]>,
  key: ThrowawayKey = rootKey,
): Promise<Recipe> {
  const { number = 1n, thisUpdate = now, nextUpdate = now + 180 * day } = options;
  const crl = await forgeCrl(root, key, { ...options, number, thisUpdate, nextUpdate });
  const described = { number: `${number}`, thisUpdate: formatUtc(thisUpdate), nextUpdate: formatUtc(nextUpdate) };
  return {
    parts: () => ({ crls: new Map([[crlFile, crl]]) }),
    manifest: (manifest) => ({ ...manifest, crls: manifest.crls.map((entry) => ({ ...entry, ...described })) }),
  };
}

export function revoked({ tbs }: Certificate, now: number): readonly Revocation[] {
  return [{ serial: tbs.serial, revokedAt: now, reason: 'keyCompromise' }];
}

export function changedFile(file: string, change: (bytes: Uint8Array) => Uint8Array): Recipe {
  return { files: (files) => files.set(file, change(files.get(file) ?? new Uint8Array())) };
}
