import { equalBytes } from '../ports/bytes.ts';
import { isCoded } from '../ports/coded-error.ts';
import { toHex } from '../ports/hex.ts';
import { judgeCertificate } from '../lint/linted.ts';
import { waiverOf } from '../lint/waiver.ts';
import { rehearsalPrefix } from '../profile/subject-schema.ts';
import type { ProfileType } from '../profile/profile.ts';
import type { Certificate } from '../x509/certificate.ts';
import { attributeOf } from '../x509/name.ts';
import { oids } from '../x509/oids.ts';
import type { BundleExpectations, BundleIssuer, BundleTools } from './bundle.ts';
import type { CertificateEntry, CrossEntry, IssuerEntry, Manifest, OcspSignerEntry } from './manifest.ts';
import { fingerprint } from './read-files.ts';
import { refuseBundle, type BundleRefusal } from './refusals.ts';
import { policyFault } from './verify-policy.ts';

/** What the checks of one bundle's certificates share. */
interface Context {
  readonly manifest: Manifest;
  readonly expect: BundleExpectations;
  readonly tools: BundleTools;
  /** By file. */
  readonly byPath: ReadonlyMap<string, Certificate>;
  /** By the name in the manifest; filled as entries pass. */
  readonly byName: Map<string, Certificate>;
  /** The one root that is believed. */
  readonly pinned: Certificate;
  /** Its certificates, newest first. */
  readonly anchors: readonly Certificate[];
  /**
   * Who may certify an issuer, by name: the pinned root and the issuers under it that have passed. A bundle signer may
   * not, nor may another root: whoever stole the signer's key could bring his own.
   */
  readonly authorities: Map<string, Certificate>;
}

export type CertificatesVerdict =
  | { readonly ok: true; readonly byName: ReadonlyMap<string, Certificate>; readonly issuers: readonly BundleIssuer[] }
  | { readonly ok: false; readonly refusal: BundleRefusal };

function lintFault(
  entry: CertificateEntry,
  certificate: Certificate,
  type: ProfileType,
  issuer: Certificate | undefined,
  { manifest, tools }: Context,
): BundleRefusal | undefined {
  const subject = { tbs: certificate.tbs, type, digest: tools.digest, ...(issuer === undefined ? {} : { issuer }) };
  const waivers = { waivers: manifest.waivers, object: entry.name };
  const standing = judgeCertificate(subject).filter((one) => waiverOf(one, waivers) === undefined);
  if (standing.length === 0) return undefined;
  const detail = standing.map(({ rule, found }) => `${entry.name}: ${rule}: ${found}`).join('; ');
  return refuseBundle('bundle-certificate-lint', detail, entry.certificate);
}

/** Whether a certificate was made in a rehearsal. A name that does not parse is lint's finding. */
function isMarked({ tbs }: Certificate): boolean {
  try {
    return (attributeOf(tbs.subject, oids.commonName) ?? '').startsWith(rehearsalPrefix);
  } catch (error) {
    if (isCoded(error)) return false;
    throw error;
  }
}

/** Checks one entry against its file: identity, issuer’s signature, lint, rehearsal mark. */
function entryFault(
  entry: CertificateEntry,
  type: ProfileType,
  issuer: Certificate | undefined,
  context: Context,
): BundleRefusal | undefined {
  const { byPath, byName, tools, manifest } = context;
  const certificate = byPath.get(entry.certificate);
  if (certificate === undefined) return refuseBundle('bundle-reference-missing', entry.certificate);
  // Under two names a certificate would have two CRLs, and one of them could be old.
  const known = byName.has(entry.name) || [...byName.values()].some(({ raw }) => equalBytes(raw, certificate.raw));
  if (known) return refuseBundle('bundle-name-duplicate', entry.name);
  const { tbs, signatureAlgorithm, signature } = certificate;
  const same =
    fingerprint(certificate, tools.digest) === entry.sha256 && toHex(tools.digest('sha256', tbs.spki)) === entry.spki;
  if (!same) return refuseBundle('bundle-certificate-hash', entry.name, entry.certificate);
  const twin = [...byName.values()].find(
    (one) => equalBytes(one.tbs.serial, tbs.serial) && equalBytes(one.tbs.issuer, tbs.issuer),
  );
  if (twin !== undefined) return refuseBundle('bundle-serial-duplicate', entry.name, entry.certificate);
  const parent = issuer ?? certificate;
  const chained =
    equalBytes(tbs.issuer, parent.tbs.subject) && tools.verify(parent.tbs.spki, signatureAlgorithm, tbs.raw, signature);
  if (!chained) return refuseBundle('bundle-chain', entry.name, entry.certificate);
  if (isMarked(certificate) !== manifest.rehearsal) {
    return refuseBundle('bundle-rehearsal-hidden', entry.name, entry.certificate);
  }
  const fault = lintFault(entry, certificate, type, issuer, context);
  if (fault === undefined) byName.set(entry.name, certificate);
  return fault;
}

function validityFault(entry: IssuerEntry, { expect, byName }: Context): BundleRefusal | undefined {
  const tbs = byName.get(entry.name)?.tbs;
  if (tbs === undefined || expect.historical === true) return undefined;
  const valid = tbs.notBefore <= expect.now && expect.now <= tbs.notAfter;
  return valid ? undefined : refuseBundle('bundle-issuer-expired', entry.name, entry.certificate);
}

/** The CA that signed a certificate of a chain: the next in it, or, for the last, one of the roots. */
function parentOf(
  { tbs, signatureAlgorithm, signature }: Certificate,
  next: Certificate | undefined,
  context: Context,
): Certificate | undefined {
  const { byName, manifest, pinned, tools } = context;
  const roots = manifest.roots.flatMap(({ name }) => byName.get(name) ?? []);
  return (next === undefined ? [pinned, ...roots] : [next]).find(
    (parent) =>
      equalBytes(parent.tbs.subject, tbs.issuer) &&
      tools.verify(parent.tbs.spki, signatureAlgorithm, tbs.raw, signature),
  );
}

/** Whether two certificates are of one CA: of its name and its key. */
function sameCa(left: Certificate, right: Certificate): boolean {
  return equalBytes(left.tbs.subject, right.tbs.subject) && equalBytes(left.tbs.spki, right.tbs.spki);
}

/**
 * Whether a chain reaches a root that is believed, over CAs that are: the pinned one, or one that a cross-certificate
 * vouches for. What is above it, where it ends with a cross-certificate of that root, is for clients that know another.
 */
function reachesBelieved(parents: readonly Certificate[], { authorities, byName, manifest, pinned }: Context): boolean {
  const believed = [...authorities.values()];
  const roots = [pinned, ...manifest.roots.flatMap(({ name }) => byName.get(name) ?? [])];
  for (const parent of parents) {
    if (!believed.some((authority) => sameCa(authority, parent))) return false;
    if (roots.some((root) => sameCa(root, parent))) return true;
  }
  return false;
}

/**
 * Each chain starts with the issuer, each certificate is signed by the next CA, the last by a root. Chains to the pinned
 * root come first; kept are also those to roots that it is cross-certified with, either way, for clients that know those
 * alone. Undefined where a chain is broken or none leads to the pinned root.
 */
function readChains(entry: IssuerEntry, context: Context): readonly (readonly Certificate[])[] | undefined {
  const { byPath, byName, authorities, pinned } = context;
  const believed = new Set(authorities.values());
  const chains: Certificate[][] = [];
  const others: Certificate[][] = [];
  for (const paths of entry.chains) {
    const chain: Certificate[] = [];
    for (const path of paths) {
      const certificate = byPath.get(path);
      if (certificate === undefined) return undefined;
      chain.push(certificate);
    }
    if (chain[0] !== byName.get(entry.name)) return undefined;
    const parents = chain.flatMap((certificate, index) => parentOf(certificate, chain[index + 1], context) ?? []);
    if (parents.length < chain.length) return undefined;
    if (parents.at(-1) === pinned && parents.every((parent) => believed.has(parent))) chains.push(chain);
    else if (reachesBelieved(parents, context)) others.push(chain);
  }
  return chains.length === 0 ? undefined : [...chains, ...others];
}

function unusedFault({ manifest, byPath }: Context): BundleRefusal | undefined {
  const { roots, signers, issuers, crosses = [], ocspSigners = [] } = manifest;
  const used = new Set(
    [...roots, ...signers, ...issuers, ...crosses, ...ocspSigners].map(({ certificate }) => certificate),
  );
  for (const path of byPath.keys()) {
    if (!used.has(path)) return refuseBundle('bundle-reference-unused', path, path);
  }
  return undefined;
}

/** A renewed root has one name under which things are issued: that of its newest certificate. */
function orderFault({ manifest, byName, anchors }: Context): BundleRefusal | undefined {
  const older = new Set(
    manifest.roots.flatMap(({ name }) => (anchors.slice(1).some((one) => one === byName.get(name)) ? [name] : [])),
  );
  const { issuers, crosses = [], ocspSigners = [], crls } = manifest;
  const named = [...issuers, ...crosses, ...ocspSigners].map(({ issuedBy }) => issuedBy);
  const wrong = [...named, ...crls.map(({ issuer }) => issuer)].find((name) => older.has(name));
  return wrong === undefined ? undefined : refuseBundle('bundle-root-order', wrong);
}

function simpleEntriesFault(context: Context): BundleRefusal | undefined {
  const { anchors, pinned } = context;
  for (const entry of context.manifest.roots) {
    const fault = entryFault(entry, 'root', undefined, context);
    if (fault !== undefined) return fault;
    const certificate = context.byName.get(entry.name);
    if (certificate !== undefined && anchors.includes(certificate)) context.authorities.set(entry.name, certificate);
  }
  for (const entry of context.manifest.signers) {
    const fault = entryFault(entry, 'bundle-signer', anchors[0] ?? pinned, context);
    if (fault !== undefined) return fault;
  }
  return unusedFault(context) ?? orderFault(context);
}

/**
 * A cross-certificate is believed where its issuer is, and then vouches for the CA of its name: what that root issued
 * chains to the pinned one through it. The same name with another key would be a second CA.
 */
function crossFault(entry: CrossEntry, context: Context): BundleRefusal | undefined {
  const { authorities, byName, manifest } = context;
  const believed = authorities.get(entry.issuedBy);
  const parent = believed ?? byName.get(entry.issuedBy);
  if (parent === undefined) return refuseBundle('bundle-chain', `${entry.name}: no ${entry.issuedBy}`);
  const fault = entryFault(entry, 'intermediate', parent, context);
  const cross = byName.get(entry.name);
  if (fault !== undefined || cross === undefined) return fault;
  for (const { name } of manifest.roots) {
    const tbs = byName.get(name)?.tbs;
    if (tbs === undefined || !equalBytes(tbs.subject, cross.tbs.subject)) continue;
    if (!equalBytes(tbs.spki, cross.tbs.spki)) return refuseBundle('bundle-cross', entry.name, entry.certificate);
    if (believed !== undefined && !authorities.has(name)) authorities.set(name, cross);
  }
  if (believed !== undefined) authorities.set(entry.name, cross);
  return undefined;
}

function issuerFault(entry: IssuerEntry, context: Context): BundleRefusal | undefined {
  const parent = context.authorities.get(entry.issuedBy);
  if (parent === undefined) return refuseBundle('bundle-chain', `${entry.name}: no ${entry.issuedBy}`);
  const fault = entryFault(entry, 'intermediate', parent, context) ?? validityFault(entry, context);
  if (fault !== undefined) return fault;
  const certificate = context.byName.get(entry.name);
  if (certificate === undefined) return undefined;
  context.authorities.set(entry.name, certificate);
  return policyFault(entry, certificate);
}

/**
 * Who answers for a CA is believed where that CA is, and is certified by no other (RFC 6960 §4.2.2.2). One that has
 * expired answers nothing any more, and is no reason to refuse everything else.
 */
function ocspSignerFault(entry: OcspSignerEntry, context: Context): BundleRefusal | undefined {
  const parent = context.authorities.get(entry.issuedBy);
  if (parent === undefined) return refuseBundle('bundle-ocsp-signer', `${entry.name}: no ${entry.issuedBy}`);
  const fault = entryFault(entry, 'ocsp-signer', parent, context);
  return fault?.code === 'bundle-chain' ? refuseBundle('bundle-ocsp-signer', entry.name, entry.certificate) : fault;
}

/** Checks every certificate of a bundle against its manifest and against the pinned root. */
export function verifyCertificates(
  manifest: Manifest,
  byPath: ReadonlyMap<string, Certificate>,
  roots: { readonly root: Certificate; readonly anchors: readonly Certificate[] },
  expect: BundleExpectations,
  tools: BundleTools,
): CertificatesVerdict {
  const known = { byName: new Map<string, Certificate>(), authorities: new Map<string, Certificate>() };
  const context: Context = { manifest, expect, tools, byPath, pinned: roots.root, anchors: roots.anchors, ...known };
  const fault = simpleEntriesFault(context);
  if (fault !== undefined) return { ok: false, refusal: fault };
  const issuers: BundleIssuer[] = [];
  for (const entry of manifest.crosses ?? []) {
    const refusal = crossFault(entry, context);
    if (refusal !== undefined) return { ok: false, refusal };
  }
  for (const entry of manifest.issuers) {
    const refusal = issuerFault(entry, context);
    if (refusal !== undefined) return { ok: false, refusal };
    const certificate = context.byName.get(entry.name);
    const chains = readChains(entry, context);
    if (certificate === undefined || chains === undefined) {
      return { ok: false, refusal: refuseBundle('bundle-chain', entry.name, entry.certificate) };
    }
    issuers.push({ entry, certificate, chains });
  }
  for (const entry of manifest.ocspSigners ?? []) {
    const refusal = ocspSignerFault(entry, context);
    if (refusal !== undefined) return { ok: false, refusal };
  }
  return { ok: true, byName: context.byName, issuers };
}
