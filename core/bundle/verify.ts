import { toHex } from '../ports/hex.ts';
import { readSigned, type Certificate } from '../x509/certificate.ts';
import { maximumCrlBytes } from '../x509/crl.ts';
import { anchorsOf } from './anchors.ts';
import { approvalsFault } from './approvals.ts';
import type { Bundle, BundleExpectations, BundleTools, BundleVerdict } from './bundle.ts';
import { missingFiles, sumsFile, transcriptFile } from './layout.ts';
import { fingerprint, readCertificates, readCrls } from './read-files.ts';
import { refuseBundle, type BundleRefusal } from './refusals.ts';
import { sumsFault } from './sums.ts';
import { readTar, type BundleFiles } from './tar.ts';
import { readTranscript } from './transcript.ts';
import { verifyCertificates } from './verify-certificates.ts';
import { verifyCrls } from './verify-crls.ts';
import { keysFault } from './verify-keys.ts';
import { manifestFault, readManifest } from './verify-manifest.ts';
import { verifySignature } from './verify-signature.ts';

function refused(refusal: BundleRefusal): BundleVerdict {
  return { ok: false, refusal };
}

/**
 * Decides whether a bundle may be believed. The file is hostile until the last check has passed: nothing in it is used
 * for anything but the next check, and only the pinned root fingerprint is trusted from the start.
 */
export function verifyBundle(archive: Uint8Array, expect: BundleExpectations, tools: BundleTools): BundleVerdict {
  const tar = readTar(archive);
  if (!tar.ok) return tar;
  const { files, mtime } = tar;
  const missing = missingFiles(new Set(files.keys()));
  if (missing.length > 0) return refused(refuseBundle('bundle-file-missing', missing.join(', ')));
  const certificates = readCertificates(files);
  if (!certificates.ok) return certificates;
  const root = [...certificates.files.values()].find(
    (certificate) => fingerprint(certificate, tools.digest) === expect.rootFingerprint,
  );
  if (root === undefined) return refused(refuseBundle('bundle-root-missing', expect.rootFingerprint));
  const anchors = anchorsOf(root, certificates.files.values(), tools);
  const signature = verifySignature(files, anchors[0] ?? root, tools);
  if (!signature.ok) return signature;
  const fault = sumsFault(files, tools.digest);
  if (fault !== undefined) return refused(fault);
  const facts = { signingTime: signature.signingTime, mtime };
  return verifyContents(
    files,
    { byPath: certificates.files, root, anchors, signer: signature.signer, facts },
    expect,
    tools,
  );
}

/** The bytes under a signature, as they stand in the file. */
function tbsBytes({ raw }: Pick<Certificate, 'raw'>): Uint8Array {
  return readSigned(raw, maximumCrlBytes).tbs;
}

/** The second half: the files are exactly those that were signed; what they say is judged now. */
function verifyContents(
  files: BundleFiles,
  known: {
    readonly byPath: ReadonlyMap<string, Certificate>;
    readonly root: Certificate;
    readonly anchors: readonly Certificate[];
    readonly signer: Certificate;
    readonly facts: { readonly signingTime: number; readonly mtime: number };
  },
  expect: BundleExpectations,
  tools: BundleTools,
): BundleVerdict {
  const read = readManifest(files);
  if (!read.ok) return read;
  const { manifest } = read;
  const sums = toHex(tools.digest('sha256', files.get(sumsFile) ?? new Uint8Array()));
  const fault = manifestFault(files, manifest, expect, { ...known.facts, sums }, tools);
  if (fault !== undefined) return refused(fault);
  const certificates = verifyCertificates(manifest, known.byPath, known, expect, tools);
  if (!certificates.ok) return certificates;
  const strayKey = keysFault(manifest, new Set(certificates.byName.keys()));
  if (strayKey !== undefined) return refused(strayKey);
  const crlFiles = readCrls(files);
  if (!crlFiles.ok) return crlFiles;
  const { root, anchors, signer } = known;
  const [newest = root] = anchors;
  if (!manifest.signers.some(({ sha256 }) => sha256 === fingerprint(signer, tools.digest))) {
    return refused(refuseBundle('bundle-signer-unlisted'));
  }
  const context = {
    manifest,
    crls: crlFiles.files,
    certificates: certificates.byName,
    signer,
    root: newest,
    expect,
    tools,
  };
  const crls = verifyCrls(context);
  if (!crls.ok) return crls;
  const toBeSigned = [
    ...[...certificates.byName].map(([name, certificate]) => [name, tbsBytes(certificate)] as const),
    ...crls.crls.map(({ issuer, crl }) => [`the CRL of ${issuer}`, tbsBytes(crl)] as const),
  ];
  const unapproved = approvalsFault(manifest.approvals, toBeSigned, expect.approvals, tools);
  if (unapproved !== undefined) return refused(unapproved);
  const records = readTranscript(files.get(transcriptFile) ?? new Uint8Array(), tools.digest);
  if (records?.at(-1)?.hash !== manifest.journal) return refused(refuseBundle('bundle-transcript'));
  const { byName, issuers } = certificates;
  const bundle: Bundle = { manifest, files, sums, root, anchors, certificates: byName, issuers, crls: crls.crls };
  return { ok: true, bundle };
}
