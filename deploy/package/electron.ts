// Electron's own program, for the installation: where this machine has it. It is fetched from outside the npm registry, so
// that a machine may well not have it; the package is whole without, and the window is then a browser's page.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { filesUnder, type Item } from './contents.ts';
import { root } from './places.ts';

/** Programs among its files. The setuid bit of its sandbox is not set: Debian's kernel gives the sandbox what it needs. */
const programs: ReadonlySet<string> = new Set(['electron', 'chrome-sandbox', 'chrome_crashpad_handler']);

/** Where the window looks for it, below /opt/coldroot (tui/open-window.ts). */
const place = 'dist/electron';

/** Its npm package, for the bill of materials. */
export const electronPackage = 'node_modules/electron';

/** Electron's files where it is provisioned (`ELECTRON_OVERRIDE_DIST_PATH`) or fetched; none where it is neither. */
export function electronItems(provisioned: string | undefined): readonly Item[] {
  const folder = provisioned ?? path.join(root, electronPackage, 'dist');
  if (!existsSync(path.join(folder, 'electron'))) return [];
  return filesUnder(folder, place, () => true).map(({ from, to }) => {
    const name = path.relative(place, to);
    return {
      from,
      to,
      ...(programs.has(name) ? { executable: true as const } : {}),
      ...(name === 'electron' ? { fused: true as const } : {}),
    };
  });
}
