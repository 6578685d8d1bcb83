import type { Certificate } from '../x509/certificate.ts';
import { readCertificates } from './read-files.ts';
import { readTar } from './tar.ts';
import { readManifest } from './verify-manifest.ts';

/** Certificates of a bundle that was verified once, by their names; none where it cannot be read any more. */
export function certificatesIn(archive: Uint8Array): ReadonlyMap<string, Certificate> {
  const tar = readTar(archive);
  const manifest = tar.ok ? readManifest(tar.files) : undefined;
  const certificates = tar.ok ? readCertificates(tar.files) : undefined;
  if (manifest?.ok !== true || certificates?.ok !== true) return new Map();
  const { roots, signers, issuers, crosses = [], ocspSigners = [] } = manifest.manifest;
  const named = [...roots, ...signers, ...issuers, ...crosses, ...ocspSigners].flatMap(
    ({ name, certificate: file }) => {
      const certificate = certificates.files.get(file);
      return certificate === undefined ? [] : [[name, certificate] as const];
    },
  );
  return new Map(named);
}
