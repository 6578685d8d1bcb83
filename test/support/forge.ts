// Certificates, CRLs and bundles that no ceremony would make: built without lint, signed with the throwaway keys of a
// test hierarchy, so that everything about them is right but the one thing a test is about.
import { nodeDigest, nodeVerifier } from '../../core/node/crypto.ts';
import { systemEntropy } from '../../core/node/entropy.ts';
import type { ThrowawayKey } from '../../core/node/throwaway-key.ts';
import { listedFiles, type BundleParts } from '../../core/bundle/build.ts';
import type { BundleExpectations } from '../../core/bundle/bundle.ts';
import { signedAttributes, writeCms } from '../../core/bundle/cms.ts';
import { manifestFile, sealFile, signatureFile, sumsFile } from '../../core/bundle/layout.ts';
import { writeSums } from '../../core/bundle/sums.ts';
import { writeTar } from '../../core/bundle/tar.ts';
import { sealAlgorithm } from '../../core/bundle/verify-signature.ts';
import { canonicalBytes } from '../../core/journal/canonical.ts';
import type { SignatureAlgorithmName } from '../../core/ports/algorithm-names.ts';
import type { Json } from '../../core/ports/json.ts';
import { applyPlanProfile } from '../../core/profile/apply.ts';
import { crlContents } from '../../core/profile/crl-contents.ts';
import { resolveValidity } from '../../core/profile/dates.ts';
import type { PlanProfile } from '../../core/profile/profile.ts';
import {
  assembleSigned,
  encodeTbsCertificate,
  readCertificate,
  type Certificate,
  type CertificateContents,
} from '../../core/x509/certificate.ts';
import { encodeTbsCertList, type CrlContents, type Revocation } from '../../core/x509/crl.ts';
import { newSerial } from '../../core/x509/serial.ts';
import { bundleParts, issuerFacts, makeHierarchy, type TestHierarchy } from './hierarchy.ts';

export const tools = { digest: nodeDigest, verify: nodeVerifier };

/** A certificate as a profile means it, changed and signed without asking lint. */
export async function forgeCertificate(
  profile: PlanProfile,
  spki: Uint8Array,
  key: Pick<ThrowawayKey, 'sign'>,
  options: {
    readonly now: number;
    readonly issuer?: Certificate;
    readonly rehearsal?: boolean;
    readonly change?: (contents: CertificateContents) => Partial<CertificateContents>;
  },
): Promise<Certificate> {
  const { now, issuer, rehearsal = false, change = () => ({}) } = options;
  const contents = applyPlanProfile(
    profile,
    {
      serial: newSerial(systemEntropy),
      ...resolveValidity(profile.valid, now),
      spki,
      rehearsal,
      ...(issuer === undefined ? {} : { issuer: issuerFacts(issuer) }),
    },
    nodeDigest,
  );
  const changed = { ...contents, ...change(contents) };
  const tbs = encodeTbsCertificate(changed);
  return readCertificate(
    assembleSigned(tbs, changed.signatureAlgorithm, await key.sign(changed.signatureAlgorithm, tbs)),
  );
}

/** A CRL, changed and signed without asking lint. */
export async function forgeCrl(
  issuer: Certificate,
  key: Pick<ThrowawayKey, 'sign'>,
  options: {
    readonly number: bigint;
    readonly thisUpdate: number;
    readonly nextUpdate: number;
    readonly revocations?: readonly Revocation[];
    readonly change?: (contents: CrlContents) => Partial<CrlContents>;
  },
): Promise<Uint8Array> {
  const { revocations = [], change = () => ({}), ...rest } = options;
  const contents = crlContents({ issuer: issuerFacts(issuer), revocations, ...rest });
  const changed = { ...contents, ...change(contents) };
  const tbs = encodeTbsCertList(changed);
  return assembleSigned(tbs, changed.signatureAlgorithm, await key.sign(changed.signatureAlgorithm, tbs));
}

/** A hierarchy, the parts of a valid bundle of it, and what its loader expects. */
export interface Workpiece {
  readonly hierarchy: TestHierarchy;
  readonly parts: BundleParts;
  readonly expect: BundleExpectations;
}

/** Everything a test of hostile bundles starts from. */
export interface Forge extends Workpiece {
  /** The files of the valid bundle, unsigned. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** The valid bundle. */
  readonly archive: Uint8Array;
  /** The same, rehearsed. */
  readonly rehearsal: Workpiece & { readonly archive: Uint8Array };
}

/** What is different about one forged bundle; everything after a change is made anew to fit it. */
export interface Recipe {
  /** Any JSON in the place of the manifest. */
  readonly manifest?: (manifest: BundleParts['manifest']) => unknown;
  /** Changes the certificates and CRLs (DER, by path) before they become files. */
  readonly parts?: (parts: BundleParts) => Partial<BundleParts>;
  /** Changes the listed files, before SHA256SUMS is written. */
  readonly files?: (files: Map<string, Uint8Array>) => void;
  readonly sums?: (sums: Uint8Array) => Uint8Array;
  readonly signer?: { readonly certificate: Certificate; readonly key: ThrowawayKey };
  readonly algorithm?: SignatureAlgorithmName;
  readonly signingTime?: number;
  /** What the CMS signature is over, in the place of SHA256SUMS. */
  readonly signed?: Uint8Array;
  readonly signature?: (signature: Uint8Array) => Uint8Array;
  readonly cms?: (cms: Uint8Array) => Uint8Array;
  readonly seal?: (seal: Uint8Array) => Uint8Array;
  readonly mtime?: number;
  /** Packs the files in another way. */
  readonly pack?: (files: ReadonlyMap<string, Uint8Array>, mtime: number) => Uint8Array;
}

/** Builds a bundle by a recipe. */
export async function forgeBundle(forge: Workpiece, recipe: Recipe = {}): Promise<Uint8Array> {
  const { hierarchy } = forge;
  const parts = { ...forge.parts, ...recipe.parts?.(forge.parts) };
  const files = listedFiles(parts);
  if (recipe.manifest !== undefined) files.set(manifestFile, canonicalBytes(recipe.manifest(parts.manifest) as Json));
  recipe.files?.(files);
  const written = writeSums(files, nodeDigest);
  const sums = recipe.sums?.(written) ?? written;
  const { certificate, key } = recipe.signer ?? { certificate: hierarchy.signer, key: hierarchy.signerKey };
  const algorithm = recipe.algorithm ?? sealAlgorithm(certificate.tbs.spki);
  const attributes = signedAttributes(
    recipe.signed ?? sums,
    algorithm,
    recipe.signingTime ?? hierarchy.now,
    nodeDigest,
  );
  const made = await key.sign(algorithm, attributes);
  const signature = recipe.signature?.(made) ?? made;
  const plain = writeCms({ signer: certificate, algorithm, attributes, signature });
  const cms = recipe.cms?.(plain) ?? plain;
  const sealed = await key.sign(sealAlgorithm(key.spki), cms);
  files.set(sumsFile, sums);
  files.set(signatureFile, cms);
  files.set(sealFile, recipe.seal?.(sealed) ?? sealed);
  return (recipe.pack ?? writeTar)(files, recipe.mtime ?? hierarchy.now);
}

async function workpiece(now: number, rehearsal: boolean): Promise<Workpiece> {
  const hierarchy = await makeHierarchy({ now, rehearsal });
  const { parts } = await bundleParts(hierarchy, { rehearsal });
  const expect = {
    rootFingerprint: hierarchy.rootFingerprint,
    now: now + 60,
    rehearsal: rehearsal ? 'require' : 'refuse',
  } as const;
  return { hierarchy, parts, expect };
}

/** Makes a valid bundle of a new hierarchy at a time, and one of its rehearsal. */
export async function makeForge(now: number): Promise<Forge> {
  const [real, rehearsal] = [await workpiece(now, false), await workpiece(now, true)];
  return {
    ...real,
    rehearsal: { ...rehearsal, archive: await forgeBundle(rehearsal) },
    files: listedFiles(real.parts),
    archive: await forgeBundle(real),
  };
}
