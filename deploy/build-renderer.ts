// Bundles the window's page: one script, one style sheet, one document, and nothing inline, so that the strictest content
// security policy holds.
import { cp, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { build, type Metafile } from 'esbuild';

const root = path.resolve(import.meta.dirname, '..');
const room = path.join(root, 'desktop/renderer');

/** `main` is the page over a real host; `dev` the page alone, with a made-up one. */
export async function buildRenderer(entry: 'main' | 'dev', outdir: string): Promise<Metafile> {
  await mkdir(outdir, { recursive: true });
  const { metafile } = await build({
    absWorkingDir: root,
    metafile: true,
    entryPoints: { main: path.join(room, `${entry}.tsx`) },
    outdir,
    bundle: true,
    platform: 'browser',
    target: 'es2024',
    format: 'esm',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
    legalComments: 'none',
    logLevel: 'warning',
    // The rules of the house's types, not those of whatever folder a bundle is made from.
    tsconfigRaw: {},
  });
  await cp(path.join(room, 'index.html'), path.join(outdir, 'index.html'));
  return metafile;
}
