import type { Digest } from '../ports/digest.ts';
import { fromUtf8, utf8 } from '../ports/bytes.ts';
import { toHex } from '../ports/hex.ts';
import { isUnlisted, sumsFile } from './layout.ts';
import { refuseBundle, type BundleRefusal } from './refusals.ts';
import type { BundleFiles } from './tar.ts';

const line = /^([0-9a-f]{64}) {2}([!-~]{1,100})$/u;

/** SHA256SUMS of every file but itself and what signs it: sorted by path, in sha256sum's own format. */
export function writeSums(files: BundleFiles, digest: Digest): Uint8Array {
  const paths = [...files.keys()].filter((path) => !isUnlisted(path)).sort();
  const lines = paths.map((path) => `${toHex(digest('sha256', files.get(path) ?? new Uint8Array()))}  ${path}\n`);
  return utf8(lines.join(''));
}

/** Why the files are not exactly those that SHA256SUMS lists, or undefined. */
export function sumsFault(files: BundleFiles, digest: Digest): BundleRefusal | undefined {
  const text = fromUtf8(files.get(sumsFile) ?? new Uint8Array()) ?? '';
  if (!text.endsWith('\n')) return refuseBundle('bundle-sums-malformed', 'last line', sumsFile);
  const listed = new Map<string, string>();
  let last = '';
  for (const [index, row] of text.slice(0, -1).split('\n').entries()) {
    const match = line.exec(row);
    if (match === null) return refuseBundle('bundle-sums-malformed', `line ${index + 1}`, sumsFile);
    const [, hash = '', path = ''] = match;
    if (path <= last) return refuseBundle('bundle-sums-order', `line ${index + 1}`, sumsFile);
    listed.set(path, hash);
    last = path;
  }
  return contentFault(files, listed, digest);
}

function contentFault(
  files: BundleFiles,
  listed: ReadonlyMap<string, string>,
  digest: Digest,
): BundleRefusal | undefined {
  for (const path of listed.keys()) {
    if (!files.has(path)) return refuseBundle('bundle-file-absent', path, path);
  }
  for (const [path, bytes] of files) {
    if (isUnlisted(path)) continue;
    const hash = listed.get(path);
    if (hash === undefined) return refuseBundle('bundle-file-unlisted', path, path);
    if (toHex(digest('sha256', bytes)) !== hash) return refuseBundle('bundle-file-hash', path, path);
  }
  return undefined;
}
