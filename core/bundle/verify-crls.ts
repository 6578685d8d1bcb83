import { equalBytes } from '../ports/bytes.ts';
import { isCoded } from '../ports/coded-error.ts';
import { judgeCrl } from '../lint/linted.ts';
import { waiverOf } from '../lint/waiver.ts';
import { formatUtc } from '../profile/dates.ts';
import { extensionOf, type Certificate } from '../x509/certificate.ts';
import type { CertificateList } from '../x509/crl.ts';
import { readCRLNumber } from '../x509/extensions/crl-extensions.ts';
import { oids } from '../x509/oids.ts';
import type { BundleCrl, BundleExpectations, BundleTools } from './bundle.ts';
import type { CertificateEntry, Manifest } from './manifest.ts';
import { refuseBundle, type BundleRefusal } from './refusals.ts';

type CrlEntryOfManifest = Manifest['crls'][number];

/** What the checks of one bundle's CRLs share. */
export interface CrlContext {
  /** Who signed the bundle. */
  readonly signer: Certificate;
  /** The newest certificate of the pinned root. */
  readonly root: Certificate;
  readonly manifest: Manifest;
  readonly crls: ReadonlyMap<string, CertificateList>;
  readonly certificates: ReadonlyMap<string, Certificate>;
  readonly expect: BundleExpectations;
  readonly tools: BundleTools;
}

export type CrlsVerdict =
  | { readonly ok: true; readonly crls: readonly BundleCrl[] }
  | { readonly ok: false; readonly refusal: BundleRefusal };

/** The CRL's number; -1 where it has none, or none that can be read. */
function numberOf(crl: CertificateList): bigint {
  const extension = extensionOf(crl.tbs, oids.cRLNumber);
  if (extension === undefined) return -1n;
  try {
    return readCRLNumber(extension.value);
  } catch (error) {
    if (isCoded(error)) return -1n;
    throw error;
  }
}

function crlFault(entry: CrlEntryOfManifest, context: CrlContext): BundleRefusal | undefined {
  const { certificates, crls, expect, manifest, tools } = context;
  const crl = crls.get(entry.file);
  const issuer = certificates.get(entry.issuer);
  if (crl === undefined || issuer === undefined) return refuseBundle('bundle-reference-missing', entry.file);
  const { tbs, signatureAlgorithm, signature } = crl;
  const signed =
    equalBytes(tbs.issuer, issuer.tbs.subject) && tools.verify(issuer.tbs.spki, signatureAlgorithm, tbs.raw, signature);
  if (!signed) return refuseBundle('bundle-crl-signature', entry.issuer, entry.file);
  const { thisUpdate, nextUpdate = 0 } = tbs;
  const same =
    numberOf(crl).toString() === entry.number &&
    formatUtc(thisUpdate) === entry.thisUpdate &&
    formatUtc(nextUpdate) === entry.nextUpdate;
  if (!same) return refuseBundle('bundle-crl-mismatch', entry.issuer, entry.file);
  const waivers = { waivers: manifest.waivers, object: entry.issuer };
  const standing = judgeCrl({ tbs, scope: 'ca', issuer }).filter((one) => waiverOf(one, waivers) === undefined);
  if (standing.length > 0) {
    const detail = standing.map(({ rule, found }) => `${rule}: ${found}`).join('; ');
    return refuseBundle('bundle-crl-lint', detail, entry.file);
  }
  const lapsed = nextUpdate < expect.now && expect.historical !== true;
  return lapsed ? refuseBundle('bundle-crl-expired', `${entry.issuer}: ${entry.nextUpdate}`, entry.file) : undefined;
}

/** By the issuer’s name in the certificate, not by the one the manifest gives it. */
function isRevoked(crls: readonly BundleCrl[], certificate: Certificate | undefined): boolean {
  return crls.some(
    ({ crl: { tbs } }) =>
      certificate !== undefined &&
      equalBytes(tbs.issuer, certificate.tbs.issuer) &&
      tbs.entries.some(({ serial }) => equalBytes(serial, certificate.tbs.serial)),
  );
}

/** The root, and every CA that issued something in the bundle, must have said what it has revoked (BR 4.9.7). */
function coverageFault(
  crls: readonly BundleCrl[],
  { manifest, root, certificates, expect }: CrlContext,
): BundleRefusal | undefined {
  const covered = new Set(manifest.crls.map(({ issuer }) => issuer));
  const roots = manifest.roots.filter(({ name }) => certificates.get(name) === root);
  const issued = [...manifest.issuers, ...(manifest.crosses ?? [])];
  for (const name of [...roots.map((entry) => entry.name), ...issued.map(({ issuedBy }) => issuedBy)]) {
    if (!covered.has(name)) return refuseBundle('bundle-crl-missing', name);
  }
  // Numbers are compared by name: a CA that was given another name would start again with an old CRL.
  for (const name of expect.last?.crlNumbers?.keys() ?? []) {
    if (covered.has(name) || isRevoked(crls, expect.last?.certificates?.get(name))) continue;
    return refuseBundle('bundle-crl-missing', `${name}, which had one before`);
  }
  return undefined;
}

/** A thief with a revoked signer's key must not be believed, nor one who brings yesterday's CRL along. */
function signerFault(crls: readonly BundleCrl[], context: CrlContext): BundleRefusal | undefined {
  const { signer, root, expect } = context;
  for (const { issuer, crl, number } of crls) {
    const before = expect.last?.crlNumbers?.get(issuer);
    if (before !== undefined && number < before) return refuseBundle('bundle-crl-older', `${issuer}: ${number}`);
    const ofRoot = equalBytes(crl.tbs.issuer, root.tbs.subject);
    if (ofRoot && crl.tbs.entries.some(({ serial }) => equalBytes(serial, signer.tbs.serial))) {
      return refuseBundle('bundle-signer-revoked');
    }
  }
  return undefined;
}

function revokedFault(crls: readonly BundleCrl[], { manifest, certificates }: CrlContext): BundleRefusal | undefined {
  const { issuers, crosses = [], ocspSigners = [] } = manifest;
  const revoked = (entries: readonly CertificateEntry[]): CertificateEntry | undefined =>
    entries.find(({ name }) => isRevoked(crls, certificates.get(name)));
  const issuer = revoked([...issuers, ...crosses]);
  if (issuer !== undefined) return refuseBundle('bundle-issuer-revoked', issuer.name, issuer.certificate);
  const signer = revoked(ocspSigners);
  return signer && refuseBundle('bundle-ocsp-signer-revoked', signer.name, signer.certificate);
}

/** Checks every CRL of a bundle: who signed it, what the manifest says of it, lint, freshness, coverage. */
export function verifyCrls(context: CrlContext): CrlsVerdict {
  const found: BundleCrl[] = [];
  for (const entry of context.manifest.crls) {
    if (found.some(({ issuer }) => issuer === entry.issuer)) {
      return { ok: false, refusal: refuseBundle('bundle-name-duplicate', entry.issuer) };
    }
    const fault = crlFault(entry, context);
    const crl = context.crls.get(entry.file);
    if (fault !== undefined || crl === undefined) {
      return { ok: false, refusal: fault ?? refuseBundle('bundle-reference-missing', entry.file) };
    }
    found.push({ issuer: entry.issuer, number: BigInt(entry.number), crl });
  }
  for (const path of context.crls.keys()) {
    if (!context.manifest.crls.some(({ file }) => file === path)) {
      return { ok: false, refusal: refuseBundle('bundle-reference-unused', path, path) };
    }
  }
  const fault = coverageFault(found, context) ?? signerFault(found, context) ?? revokedFault(found, context);
  return fault === undefined ? { ok: true, crls: found } : { ok: false, refusal: fault };
}
