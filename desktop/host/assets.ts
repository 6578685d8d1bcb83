import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { CodedError } from '../../core/ports/coded-error.ts';

/** A file of the page. */
export interface Asset {
  readonly type: string;
  readonly bytes: Uint8Array;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/**
 * Every file of the built page, read once at the start, by its path in a URL. What is not here is not served: no path of
 * a request is ever a path on the disk.
 */
export async function loadAssets(folder: string): Promise<ReadonlyMap<string, Asset>> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const assets = new Map<string, Asset>();
  for (const name of names) {
    const type = types[path.extname(name)];
    if (type === undefined) continue;
    assets.set(`/${name.split(path.sep).join('/')}`, { type, bytes: await readFile(path.join(folder, name)) });
  }
  const index = assets.get('/index.html');
  if (index !== undefined) return assets.set('/', index);
  throw new CodedError({
    code: 'window-no-page',
    message: `The window’s page is not in ${folder}.`,
    remedy: 'Build it: npm run build.',
  });
}
