import { utf8 } from '../ports/bytes.ts';
import type { Digest } from '../ports/digest.ts';
import type { Json } from '../ports/json.ts';
import type { Signer } from '../lint/sign.ts';
import { canonicalBytes } from '../journal/canonical.ts';
import type { Certificate } from '../x509/certificate.ts';
import { toPem } from '../x509/pem.ts';
import { signedAttributes, writeCms } from './cms.ts';
import { manifestFile, planFile, reportFile, sealFile, signatureFile, sumsFile, transcriptFile } from './layout.ts';
import type { Manifest } from './manifest.ts';
import { writeSums } from './sums.ts';
import { writeTar } from './tar.ts';
import { sealAlgorithm } from './verify-signature.ts';

/** Everything a bundle carries, before it is signed. */
export interface BundleParts {
  readonly manifest: Manifest;
  /** Certificates (DER) by their path in the bundle. */
  readonly certificates: ReadonlyMap<string, Uint8Array>;
  /** CRLs (DER) by their path in the bundle. */
  readonly crls: ReadonlyMap<string, Uint8Array>;
  /** The plan as it was reviewed, byte for byte. */
  readonly plan: Uint8Array;
  readonly transcript: Uint8Array;
  readonly report: Uint8Array;
}

/** The files SHA256SUMS will list. */
export function listedFiles(parts: BundleParts): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>([
    [manifestFile, canonicalBytes(parts.manifest as Json)],
    [planFile, parts.plan],
    [transcriptFile, parts.transcript],
    [reportFile, parts.report],
  ]);
  for (const [path, raw] of parts.certificates) files.set(path, utf8(toPem('CERTIFICATE', raw)));
  for (const [path, raw] of parts.crls) files.set(path, utf8(toPem('X509 CRL', raw)));
  return files;
}

/**
 * Signs and packs a bundle. The signer signs twice: the CMS attributes over SHA256SUMS, and the CMS file itself,
 * because OpenSSL ignores some twenty octets of a CMS structure (docs/decisions/bundle-seal.md).
 */
export async function buildBundle(
  parts: BundleParts,
  signer: { readonly certificate: Certificate; readonly sign: Signer },
  created: number,
  digest: Digest,
): Promise<Uint8Array> {
  const files = listedFiles(parts);
  const sums = writeSums(files, digest);
  const algorithm = sealAlgorithm(signer.certificate.tbs.spki);
  const attributes = signedAttributes(sums, algorithm, created, digest);
  const signature = await signer.sign(algorithm, attributes);
  const cms = writeCms({ signer: signer.certificate, algorithm, attributes, signature });
  files.set(sumsFile, sums);
  files.set(signatureFile, cms);
  files.set(sealFile, await signer.sign(algorithm, cms));
  return writeTar(files, created);
}
