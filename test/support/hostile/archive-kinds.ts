// Archives that are not what our writer writes: what somebody does to the file without any key.
import { maximumBundleBytes, maximumFiles } from '../../../core/bundle/layout.ts';
import type { BundleRefusalCode } from '../../../core/bundle/refusals.ts';
import { readTar } from '../../../core/bundle/tar.ts';
import { concatBytes, utf8 } from '../../../core/ports/bytes.ts';
import type { Forge } from '../forge.ts';
import { kind, type HostileKind } from './kind.ts';
import { tarOf, type TarEntry } from './tar-entry.ts';

/** The valid bundle's entries, in order. */
function entries({ archive, hierarchy: { now } }: Forge): TarEntry[] {
  const tar = readTar(archive);
  if (!tar.ok) throw new Error(tar.refusal.code);
  return [...tar.files].map(([name, bytes]) => ({ name, bytes, mtime: now }));
}

/** The valid entries with the first one (SHA256SUMS) changed. */
function first(what: string, code: BundleRefusalCode, change: Partial<TarEntry>): HostileKind {
  return kind(what, code, (forge) => {
    const [head, ...rest] = entries(forge);
    if (head === undefined) throw new Error('no entries');
    return tarOf([{ ...head, ...change }, ...rest]);
  });
}

/** The valid entries with another in front of them: nothing before it gives it away. */
function before(what: string, code: BundleRefusalCode, entry: Omit<TarEntry, 'mtime' | 'bytes'>): HostileKind {
  return kind(what, code, (forge) => {
    const mtime = forge.hierarchy.now;
    return tarOf([{ bytes: new Uint8Array(), mtime, ...entry }, ...entries(forge)]);
  });
}

function named(what: string, code: BundleRefusalCode, name: string): HostileKind {
  return before(`a file named ${what}`, code, { name });
}

function set(offset: number, text: string): (header: Uint8Array) => void {
  return (header) => header.set(utf8(text), offset);
}

const cuts: readonly HostileKind[] = [
  kind('an empty file', 'bundle-empty', () => new Uint8Array()),
  kind('a file of 64 MiB and one byte', 'bundle-too-large', () => new Uint8Array(maximumBundleBytes + 1)),
  kind('an archive cut within a header', 'bundle-truncated', ({ archive }) => archive.subarray(0, 300)),
  kind('an archive cut within a file', 'bundle-truncated', ({ archive }) => archive.subarray(0, 600)),
  kind('an archive cut before its end', 'bundle-truncated', ({ archive }) => archive.subarray(0, -1024)),
  kind('an archive with half a block behind it', 'bundle-tar-size', ({ archive }) =>
    concatBytes(archive, new Uint8Array(100)),
  ),
  kind('an archive that ends with one zero block', 'bundle-tar-end', ({ archive }) => archive.subarray(0, -512)),
  kind('an archive with a third zero block', 'bundle-tar-end', ({ archive }) =>
    concatBytes(archive, new Uint8Array(512)),
  ),
  kind('an archive with another behind it', 'bundle-tar-end', ({ archive }) => concatBytes(archive, archive)),
  kind('an archive with data behind its end', 'bundle-tar-end', ({ archive }) => {
    const copy = Uint8Array.from(archive);
    copy[copy.length - 1] = 1;
    return copy;
  }),
];

const headers: readonly HostileKind[] = [
  kind('a ZIP file', 'bundle-tar-magic', () => Uint8Array.from({ length: 1024 }, (_, index) => (index < 2 ? 0x50 : 7))),
  first('a GNU tar archive', 'bundle-tar-magic', { change: set(257, 'ustar  \0') }),
  first('a tar archive from before POSIX', 'bundle-tar-magic', { change: (header) => header.fill(0, 257, 265) }),
  first('a header with a wrong checksum', 'bundle-tar-checksum', { spoil: set(148, '000001\0 ') }),
  first('a file that others may write', 'bundle-tar-field', { change: set(100, '0000666\0') }),
  first('a set-uid file', 'bundle-tar-field', { change: set(100, '0004755\0') }),
  first('a file with an owner', 'bundle-tar-field', { change: set(108, '0001750\0') }),
  first('a file with an owner’s name', 'bundle-tar-field', { change: set(265, 'root') }),
  first('a file with a device number', 'bundle-tar-field', { change: set(329, '0000001\0') }),
  first('a file with a name prefix', 'bundle-tar-field', { change: set(345, '../..') }),
  first('a file with a link name', 'bundle-tar-field', { change: set(157, '/etc/passwd') }),
  first('a contiguous file', 'bundle-tar-field', { type: '7' }),
  first('a file of the old type', 'bundle-tar-field', { type: '\0' }),
  first('a base-256 size', 'bundle-tar-field', { change: set(124, '\u0080\0\0\0\0\0\0\0\0\0\0') }),
  first('a size that is no number', 'bundle-tar-field', { change: set(124, '0000000 00x\0') }),
  first('a name with bytes behind its end', 'bundle-tar-field', { change: set(11, 'x') }),
  first('a time of its own', 'bundle-tar-field', { mtime: 1 }),
  first('padding that is not zero', 'bundle-tar-padding', { padding: 0x20 }),
  first('a file larger than it may be', 'bundle-file-too-large', { size: 300_000 }),
  first('a size of eight gigabytes', 'bundle-file-too-large', { change: set(124, '77777777777\0') }),
];

const types: readonly HostileKind[] = [
  before('a hard link', 'bundle-tar-link', { name: 'plan.yaml', type: '1', change: set(157, 'manifest.json') }),
  before('a symbolic link', 'bundle-tar-link', { name: 'plan.yaml', type: '2', change: set(157, '/etc/shadow') }),
  before('a character device', 'bundle-tar-special', { name: 'plan.yaml', type: '3' }),
  before('a block device', 'bundle-tar-special', { name: 'plan.yaml', type: '4' }),
  before('a folder', 'bundle-tar-directory', { name: 'certs/', type: '5' }),
  before('a FIFO', 'bundle-tar-special', { name: 'plan.yaml', type: '6' }),
  before('a pax header', 'bundle-tar-extension', { name: 'plan.yaml', type: 'x' }),
  before('a global pax header', 'bundle-tar-extension', { name: 'pax_global_header', type: 'g' }),
  before('a GNU long name', 'bundle-tar-extension', { name: '././@LongLink', type: 'L' }),
  before('a GNU long link', 'bundle-tar-extension', { name: '././@LongLink', type: 'K' }),
  before('a GNU sparse file', 'bundle-tar-extension', { name: 'plan.yaml', type: 'S' }),
];

const names: readonly HostileKind[] = [
  named('by an absolute path', 'bundle-path-absolute', '/etc/cron.d/x'),
  named('with two dots first', 'bundle-path-traversal', '../plan.yaml'),
  named('with two dots in the middle', 'bundle-path-traversal', 'certs/../../x.pem'),
  named('as bundles never are', 'bundle-path-unknown', 'readme.txt'),
  named('in capitals', 'bundle-path-unknown', 'certs/Root.pem'),
  named('with a space', 'bundle-path-unknown', 'certs/root r1.pem'),
  named('with a terminal’s escape character', 'bundle-path-unknown', 'certs/\u001b[2J.pem'),
  named('with a backslash', 'bundle-path-unknown', 'certs\\root.pem'),
  named('with a folder too many', 'bundle-path-unknown', 'certs/old/root.pem'),
  named('with two endings', 'bundle-path-unknown', 'certs/root.pem.exe'),
  named('with nothing', 'bundle-path-unknown', ''),
  kind('a file twice', 'bundle-file-duplicate', (forge) => {
    const all = entries(forge);
    return tarOf([...all.slice(0, 1), ...all]);
  }),
  kind('files in another order', 'bundle-file-order', (forge) => tarOf(entries(forge).toReversed())),
  kind('more files than a bundle may have', 'bundle-too-many-files', (forge) => {
    const mtime = forge.hierarchy.now;
    const many = Array.from({ length: maximumFiles + 1 }, (_, index) => `certs/${String(index).padStart(5, '0')}.pem`);
    return tarOf(many.map((name) => ({ name, bytes: new Uint8Array(), mtime })));
  }),
  kind('no file at all', 'bundle-file-missing', () => new Uint8Array(1024)),
  kind('no report', 'bundle-file-missing', (forge) =>
    tarOf(entries(forge).filter(({ name }) => name !== 'report.html')),
  ),
  kind('no certificate', 'bundle-file-missing', (forge) =>
    tarOf(entries(forge).filter(({ name }) => !name.startsWith('certs/'))),
  ),
];

export const archiveKinds: readonly HostileKind[] = [...cuts, ...headers, ...types, ...names];
