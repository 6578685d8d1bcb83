import { equalBytes } from '../ports/bytes.ts';
import { judgeCertificate } from '../lint/linted.ts';
import { keyAlgorithms } from '../x509/algorithms.ts';
import type { Certificate } from '../x509/certificate.ts';
import { readSpki } from '../x509/spki.ts';
import type { BundleTools } from './bundle.ts';
import { readCms, type Cms } from './cms.ts';
import { sealFile, signatureFile, sumsFile } from './layout.ts';
import { refuseBundle, type BundleRefusal } from './refusals.ts';
import type { BundleFiles } from './tar.ts';

/** The algorithm of the seal: always with SHA-256, so that one documented openssl command checks it. */
export function sealAlgorithm(signerSpki: Uint8Array): 'ecdsa-sha256' | 'rsa-sha256' {
  return keyAlgorithms[readSpki(signerSpki).algorithm].kind === 'ec' ? 'ecdsa-sha256' : 'rsa-sha256';
}

function signerFault(signer: Certificate, root: Certificate, tools: BundleTools): BundleRefusal | undefined {
  const { tbs, signatureAlgorithm, signature } = signer;
  const issued =
    equalBytes(tbs.issuer, root.tbs.subject) && tools.verify(root.tbs.spki, signatureAlgorithm, tbs.raw, signature);
  if (!issued) return refuseBundle('bundle-signer-issuer');
  const findings = judgeCertificate({ tbs, type: 'bundle-signer', issuer: root, digest: tools.digest });
  return findings.length === 0
    ? undefined
    : refuseBundle('bundle-signer-purpose', findings.map(({ rule }) => rule).join(', '));
}

function signatureFault(cms: Cms, root: Certificate, tools: BundleTools): BundleRefusal | undefined {
  const issuerFault = signerFault(cms.signer, root, tools);
  if (issuerFault !== undefined) return issuerFault;
  if (!cms.fitsContent) return refuseBundle('bundle-cms-digest');
  const { spki, notBefore, notAfter } = cms.signer.tbs;
  if (cms.algorithm !== sealAlgorithm(spki)) return refuseBundle('bundle-cms-algorithm', cms.algorithm);
  if (!tools.verify(spki, cms.algorithm, cms.attributes, cms.signature)) return refuseBundle('bundle-cms-signature');
  const inside = notBefore <= cms.signingTime && cms.signingTime <= notAfter;
  return inside ? undefined : refuseBundle('bundle-signer-expired');
}

export type SignatureVerdict =
  | { readonly ok: true; readonly signer: Certificate; readonly signingTime: number }
  | { readonly ok: false; readonly refusal: BundleRefusal };

/** Checks SHA256SUMS.cms over SHA256SUMS, the seal over SHA256SUMS.cms, and that `root` issued the signer for this. */
export function verifySignature(files: BundleFiles, root: Certificate, tools: BundleTools): SignatureVerdict {
  const cmsBytes = files.get(signatureFile) ?? new Uint8Array();
  const verdict = readCms(cmsBytes, files.get(sumsFile) ?? new Uint8Array(), tools.digest);
  if (!verdict.ok) return { ok: false, refusal: refuseBundle(verdict.fault, undefined, signatureFile) };
  const { cms } = verdict;
  const fault = signatureFault(cms, root, tools);
  if (fault !== undefined) return { ok: false, refusal: fault };
  const seal = files.get(sealFile) ?? new Uint8Array();
  const { spki } = cms.signer.tbs;
  if (!tools.verify(spki, sealAlgorithm(spki), cmsBytes, seal)) {
    return { ok: false, refusal: refuseBundle('bundle-seal', undefined, sealFile) };
  }
  return { ok: true, signer: cms.signer, signingTime: cms.signingTime };
}
