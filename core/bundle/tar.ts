import { utf8 } from '../ports/bytes.ts';
import { comparePaths, isBundlePath, maximumBundleBytes, maximumFileBytes, maximumFiles } from './layout.ts';
import { refuseBundle, type BundleRefusal, type BundleRefusalCode } from './refusals.ts';

const blockBytes = 512;

/** Field positions of a ustar header (POSIX.1-2017, pax, "ustar Interchange Format"). */
const field = {
  name: [0, 100],
  mode: [100, 8],
  uid: [108, 8],
  gid: [116, 8],
  size: [124, 12],
  mtime: [136, 12],
  checksum: [148, 8],
  typeflag: [156, 1],
  magic: [257, 8],
} as const;

function octal(value: number, length: number): Uint8Array {
  return utf8(`${value.toString(8).padStart(length - 1, '0')}\0`);
}

/** The one header our archives have for this name, size and time: mode 0644, owner 0:0, no names, no links. */
function header(path: string, size: number, mtime: number): Uint8Array {
  const block = new Uint8Array(blockBytes);
  block.set(utf8(path), field.name[0]);
  block.set(octal(0o644, 8), field.mode[0]);
  block.set(octal(0, 8), field.uid[0]);
  block.set(octal(0, 8), field.gid[0]);
  block.set(octal(size, 12), field.size[0]);
  block.set(octal(mtime, 12), field.mtime[0]);
  block.set(utf8('0'), field.typeflag[0]);
  block.set(utf8('ustar\u000000'), field.magic[0]);
  block.set(utf8(`${checksumOf(block).toString(8).padStart(6, '0')}\0 `), field.checksum[0]);
  return block;
}

/** Sum of a header's octets, its own checksum field counted as spaces. */
function checksumOf(block: Uint8Array): number {
  let sum = 0;
  for (let index = 0; index < blockBytes; index += 1) {
    const inChecksum = index >= field.checksum[0] && index < field.checksum[0] + field.checksum[1];
    sum += inChecksum ? 0x20 : (block[index] ?? 0);
  }
  return sum;
}

/** Files of a bundle by path. */
export type BundleFiles = ReadonlyMap<string, Uint8Array>;

/** The archive: one byte string for one set of files and one time (seconds since the epoch). */
export function writeTar(files: BundleFiles, mtime: number): Uint8Array {
  const paths = [...files.keys()].sort(comparePaths);
  const parts: Uint8Array[] = [];
  for (const path of paths) {
    const bytes = files.get(path) ?? new Uint8Array();
    parts.push(header(path, bytes.length, mtime), bytes, new Uint8Array(padding(bytes.length)));
  }
  parts.push(new Uint8Array(2 * blockBytes));
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

function padding(size: number): number {
  return (blockBytes - (size % blockBytes)) % blockBytes;
}

function text(block: Uint8Array, [start, length]: readonly [number, number]): string {
  let value = '';
  for (const byte of block.subarray(start, start + length)) {
    if (byte === 0) break;
    value += String.fromCharCode(byte);
  }
  return value;
}

/** Number of an octal field in the one form we write, or -1. */
function number(block: Uint8Array, position: readonly [number, number]): number {
  const digits = text(block, position);
  return /^[0-7]+$/u.test(digits) ? Number.parseInt(digits, 8) : -1;
}

const typeRefusals: Readonly<Record<string, BundleRefusalCode>> = {
  '1': 'bundle-tar-link',
  '2': 'bundle-tar-link',
  '3': 'bundle-tar-special',
  '4': 'bundle-tar-special',
  '5': 'bundle-tar-directory',
  '6': 'bundle-tar-special',
  g: 'bundle-tar-extension',
  x: 'bundle-tar-extension',
  L: 'bundle-tar-extension',
  K: 'bundle-tar-extension',
  S: 'bundle-tar-extension',
};

function pathFault(path: string): BundleRefusalCode | undefined {
  if (path.startsWith('/')) return 'bundle-path-absolute';
  if (path.split('/').includes('..')) return 'bundle-path-traversal';
  return isBundlePath(path) ? undefined : 'bundle-path-unknown';
}

/** Why a header is not one of ours, or undefined. Most telling fault first; the last check is byte for byte. */
function headerFault(block: Uint8Array): BundleRefusalCode | undefined {
  if (text(block, field.magic) !== 'ustar') return 'bundle-tar-magic';
  if (number(block, field.checksum) !== checksumOf(block)) return 'bundle-tar-checksum';
  const path = text(block, field.name);
  const type = text(block, field.typeflag);
  const fault = typeRefusals[type] ?? pathFault(path);
  if (fault !== undefined) return fault;
  const size = number(block, field.size);
  if (size > maximumFileBytes(path)) return 'bundle-file-too-large';
  const expected = header(path, Math.max(0, size), Math.max(0, number(block, field.mtime)));
  return expected.every((byte, index) => byte === block[index]) ? undefined : 'bundle-tar-field';
}

export type TarVerdict =
  | { readonly ok: true; readonly files: BundleFiles; readonly mtime: number }
  | { readonly ok: false; readonly refusal: BundleRefusal };

function refuse(code: BundleRefusalCode, detail?: string, file?: string): TarVerdict {
  return { ok: false, refusal: refuseBundle(code, detail, file) };
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

function orderFault(files: BundleFiles, last: string | undefined, path: string): BundleRefusalCode | undefined {
  if (files.has(path)) return 'bundle-file-duplicate';
  if (files.size >= maximumFiles) return 'bundle-too-many-files';
  return last !== undefined && comparePaths(last, path) > 0 ? 'bundle-file-order' : undefined;
}

/** Reads an archive as hostile input: bounded, and only if it is exactly what {@link writeTar} would write. */
export function readTar(archive: Uint8Array): TarVerdict {
  if (archive.length === 0) return refuse('bundle-empty');
  if (archive.length > maximumBundleBytes) return refuse('bundle-too-large', `${archive.length} bytes`);
  const files = new Map<string, Uint8Array>();
  let [offset, mtime]: [number, number | undefined] = [0, undefined];
  let last: string | undefined;
  for (;;) {
    const block = archive.subarray(offset, offset + blockBytes);
    if (block.length < blockBytes) return refuse('bundle-truncated', `byte ${offset}`);
    if (isZero(block)) break;
    const fault = headerFault(block) ?? orderFault(files, last, text(block, field.name));
    const path = text(block, field.name);
    // What is no archive has no names in it.
    const named = fault === 'bundle-tar-magic' ? undefined : printable(path);
    if (fault !== undefined) return refuse(fault, `byte ${offset}`, named);
    mtime ??= number(block, field.mtime);
    if (number(block, field.mtime) !== mtime) return refuse('bundle-tar-field', 'times differ', path);
    const start = offset + blockBytes;
    const end = start + number(block, field.size);
    offset = end + padding(end - start);
    if (offset > archive.length) return refuse('bundle-truncated', `in ${path}`, path);
    if (!isZero(archive.subarray(end, offset))) return refuse('bundle-tar-padding', undefined, path);
    files.set(path, archive.subarray(start, end));
    last = path;
  }
  const rest = archive.subarray(offset);
  if (rest.length % blockBytes !== 0) return refuse('bundle-tar-size', `${archive.length} bytes`);
  if (rest.length !== 2 * blockBytes || !isZero(rest)) return refuse('bundle-tar-end');
  return { ok: true, files, mtime: mtime ?? 0 };
}

/** A hostile name may hold anything: only what a terminal can be shown. */
function printable(path: string): string {
  return path.replaceAll(/[^ -~]/gu, '?').slice(0, 100);
}
