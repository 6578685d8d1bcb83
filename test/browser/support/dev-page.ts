import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildRenderer } from '../../../deploy/build-renderer.ts';
import { servePage } from '../../../deploy/serve-page.ts';

export interface DevPage {
  readonly url: string;
  close(): Promise<void>;
}

/** The page alone with its made-up host, bundled from source and served on this machine. */
export async function startDevPage(): Promise<DevPage> {
  const folder = await mkdtemp(path.join(tmpdir(), 'coldroot-page-'));
  await buildRenderer('dev', folder);
  const server = await servePage(folder);
  return {
    url: server.url,
    close: async () => {
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
