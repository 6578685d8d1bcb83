import { isCoded } from '../ports/coded-error.ts';
import { toHex } from '../ports/hex.ts';
import { parseCanonicalJson } from '../journal/canonical.ts';
import { parseUtc } from '../profile/dates.ts';
import type { BundleExpectations, BundleTools } from './bundle.ts';
import { manifestFile, planFile } from './layout.ts';
import { bundleFormat, manifestSchema, type Manifest } from './manifest.ts';
import { refuseBundle, type BundleRefusal } from './refusals.ts';
import type { BundleFiles } from './tar.ts';

/** Longest life of a bundle: BR 4.9.7 wants a fresh CRL every twelve months, and a bundle carries one. */
const maximumLifeSeconds = 400 * 86_400;

export type ManifestVerdict =
  | { readonly ok: true; readonly manifest: Manifest }
  | { readonly ok: false; readonly refusal: BundleRefusal };

/** Reads manifest.json: canonical, of a known format, nothing unknown in it. */
export function readManifest(files: BundleFiles): ManifestVerdict {
  let json;
  try {
    json = parseCanonicalJson(files.get(manifestFile) ?? new Uint8Array());
  } catch (error) {
    if (!isCoded(error)) throw error;
    return { ok: false, refusal: refuseBundle('bundle-manifest-malformed', error.message, manifestFile) };
  }
  if (json['format'] !== bundleFormat) return { ok: false, refusal: refuseBundle('bundle-manifest-format') };
  const parsed = manifestSchema.safeParse(json);
  if (parsed.success) return { ok: true, manifest: parsed.data };
  const issue = parsed.error.issues[0];
  const detail = `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`;
  return { ok: false, refusal: refuseBundle('bundle-manifest-schema', detail, manifestFile) };
}

function rehearsalFault(manifest: Manifest, { rehearsal }: BundleExpectations): BundleRefusal | undefined {
  if (rehearsal === 'refuse' && manifest.rehearsal) return refuseBundle('bundle-rehearsal');
  if (rehearsal === 'require' && !manifest.rehearsal) return refuseBundle('bundle-rehearsal-expected');
  return undefined;
}

function dateFault(manifest: Manifest, expect: BundleExpectations, signed: SigningFacts): BundleRefusal | undefined {
  const [created, expires] = [parseUtc(manifest.created) ?? 0, parseUtc(manifest.expires) ?? 0];
  if (created !== signed.signingTime || created !== signed.mtime) return refuseBundle('bundle-time-mismatch');
  if (expires <= created || expires - created > maximumLifeSeconds) return refuseBundle('bundle-expiry-order');
  if (created > expect.now) return refuseBundle('bundle-created-future', manifest.created);
  if (expires < expect.now && expect.historical !== true) return refuseBundle('bundle-expired', manifest.expires);
  return undefined;
}

/** Refuses rollback, a second history, and a bundle that does not follow the one loaded before. */
function historyFault(manifest: Manifest, sums: string, expect: BundleExpectations): BundleRefusal | undefined {
  if ((manifest.epoch === 1) !== (manifest.previous === null)) return refuseBundle('bundle-previous');
  if (expect.last === undefined) return undefined;
  const { epoch, sums: lastSums } = expect.last;
  if (manifest.epoch < epoch) return refuseBundle('bundle-epoch-older', `epoch ${manifest.epoch}, loaded ${epoch}`);
  if (manifest.epoch === epoch && sums !== lastSums) return refuseBundle('bundle-epoch-conflict', `epoch ${epoch}`);
  if (manifest.epoch === epoch + 1 && manifest.previous !== lastSums) return refuseBundle('bundle-previous');
  return undefined;
}

/** Times that must agree with the manifest's: the signature's and the archive's. */
export interface SigningFacts {
  readonly signingTime: number;
  readonly mtime: number;
}

/** Why the manifest is not one to accept here and now, or undefined. */
export function manifestFault(
  files: BundleFiles,
  manifest: Manifest,
  expect: BundleExpectations,
  facts: SigningFacts & { readonly sums: string },
  { digest }: BundleTools,
): BundleRefusal | undefined {
  if (expect.hierarchy !== undefined && manifest.hierarchy !== expect.hierarchy) {
    return refuseBundle('bundle-hierarchy', `"${manifest.hierarchy}", expected "${expect.hierarchy}"`);
  }
  const fault =
    rehearsalFault(manifest, expect) ??
    dateFault(manifest, expect, facts) ??
    historyFault(manifest, facts.sums, expect);
  if (fault !== undefined) return fault;
  const plan = toHex(digest('sha256', files.get(planFile) ?? new Uint8Array()));
  return plan === manifest.plan ? undefined : refuseBundle('bundle-plan-hash', undefined, planFile);
}
