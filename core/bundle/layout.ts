/** The names files may have in a bundle, in the order they stand in the archive. Nothing else may be there. */
export const sumsFile = 'SHA256SUMS';
export const signatureFile = 'SHA256SUMS.cms';
export const sealFile = 'SHA256SUMS.cms.sig';
export const manifestFile = 'manifest.json';
export const planFile = 'plan.yaml';
export const transcriptFile = 'transcript.json';
export const reportFile = 'report.html';

const megabyte = 1024 * 1024;

interface FileKind {
  readonly pattern: RegExp;
  readonly maximumBytes: number;
  readonly required: boolean;
}

/** In archive order; several files of one kind are sorted by name. */
const kinds: readonly FileKind[] = [
  { pattern: /^SHA256SUMS$/u, maximumBytes: megabyte / 4, required: true },
  { pattern: /^SHA256SUMS\.cms$/u, maximumBytes: 16_384, required: true },
  { pattern: /^SHA256SUMS\.cms\.sig$/u, maximumBytes: 1024, required: true },
  { pattern: /^manifest\.json$/u, maximumBytes: megabyte, required: true },
  { pattern: /^certs\/[a-z0-9][a-z0-9.-]{0,63}\.pem$/u, maximumBytes: 131_072, required: true },
  { pattern: /^crls\/[a-z0-9][a-z0-9.-]{0,63}\.pem$/u, maximumBytes: 11 * megabyte, required: false },
  { pattern: /^plan\.yaml$/u, maximumBytes: megabyte, required: true },
  { pattern: /^report\.html$/u, maximumBytes: 8 * megabyte, required: true },
  { pattern: /^transcript\.json$/u, maximumBytes: 16 * megabyte, required: true },
];

export const maximumFiles = 1000;
export const maximumBundleBytes = 64 * megabyte;

function rank(path: string): number {
  return kinds.findIndex(({ pattern }) => pattern.test(path));
}

export function isBundlePath(path: string): boolean {
  return rank(path) >= 0;
}

/** Files that SHA256SUMS cannot list: itself, its signature, and the seal over that. */
export function isUnlisted(path: string): boolean {
  return path === sumsFile || path === signatureFile || path === sealFile;
}

/** The most bytes a file of this name may have; 0 for a name bundles do not have. */
export function maximumFileBytes(path: string): number {
  return kinds[rank(path)]?.maximumBytes ?? 0;
}

/** Orders paths as they stand in the archive. */
export function comparePaths(left: string, right: string): number {
  const difference = rank(left) - rank(right);
  if (difference !== 0) return difference;
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The names of files every bundle has, of which this set has none. */
export function missingFiles(paths: ReadonlySet<string>): readonly string[] {
  return kinds
    .filter(({ required, pattern }) => required && ![...paths].some((path) => pattern.test(path)))
    .map(({ pattern }) => pattern.source.replaceAll(/\^|\$|\\/gu, ''));
}
