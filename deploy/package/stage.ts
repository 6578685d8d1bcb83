import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { billOfMaterials, partsOf } from './bill.ts';
import { copiedItems, type Item } from './contents.ts';
import { electronItems, electronPackage } from './electron.ts';
import { setFuses } from './fuses.ts';
import { licenceTexts } from './licences.ts';
import { listName } from './places.ts';

/**
 * Starts the program on the Node.js beside it. Variables that would have Node.js load other code or believe other
 * certificates are taken out of its environment.
 */
const launcher = `#!/bin/sh
set -eu
here=$(dirname "$(dirname "$(readlink -f "$0")")")
unset NODE_OPTIONS NODE_PATH NODE_EXTRA_CA_CERTS NODE_COMPILE_CACHE LD_PRELOAD LD_LIBRARY_PATH
exec "$here/node/bin/node" "$here/dist/coldroot.js" "$@"
`;

/** Writes a file with the one mode its kind has, whatever the umask. */
function put(folder: string, name: string, text: string, mode = 0o644): void {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  chmodSync(file, mode);
}

/** Every file below a folder, by its path there, sorted by bytes as `LC_ALL=C sort` does. */
function namesUnder(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
}

function sha256(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

/** `sha256sum` of these files of a folder, in its own format. */
export function sumsOf(folder: string, names: readonly string[]): string {
  return names.map((name) => `${sha256(path.join(folder, name))}  ${name}\n`).join('');
}

/** Folders get their mode last, because what is made in them needs it earlier. */
function fixFolders(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) fixFolders(path.join(folder, entry.name));
  }
  chmodSync(folder, 0o755);
}

/** What an installation is made of. */
export interface Source {
  readonly version: string;
  /** When it was committed, in seconds since 1970: the only time in it. */
  readonly seconds: number;
  /** The bundler's output. */
  readonly dist: string;
  /** Folders of the npm packages that the bundler took code from. */
  readonly bundled: readonly string[];
  /** Folder of Electron's own program, where it is not where npm would put it. */
  readonly electron?: string | undefined;
}

function copy({ from, to, executable, fused }: Item, folder: string): void {
  const file = path.join(folder, to);
  mkdirSync(path.dirname(file), { recursive: true });
  copyFileSync(from, file);
  if (fused === true) {
    const program = readFileSync(file);
    setFuses(program);
    writeFileSync(file, program);
  }
  chmodSync(file, executable === true ? 0o755 : 0o644);
}

/** Fills an empty folder with the installation; the SHA-256 of its list. */
export function stage(folder: string, { version, seconds, dist, bundled, electron }: Source): string {
  const shell = electronItems(electron);
  for (const item of [...copiedItems(dist), ...shell]) copy(item, folder);
  const parts = partsOf(shell.length === 0 ? bundled : [...bundled, electronPackage]);
  put(folder, 'bin/coldroot', launcher, 0o755);
  put(folder, 'package.json', `${JSON.stringify({ name: 'coldroot', version, type: 'module' }, null, 2)}\n`);
  put(folder, 'sbom.cdx.json', billOfMaterials(parts, version, seconds));
  put(folder, 'THIRD-PARTY-LICENCES.txt', licenceTexts(parts));
  put(folder, listName, sumsOf(folder, namesUnder(folder)));
  fixFolders(folder);
  return sha256(path.join(folder, listName));
}
