import type { Entropy } from '../../core/ports/entropy.ts';
import { loadAssets } from '../host/assets.ts';
import { createHost } from '../host/host.ts';
import { pluggedMedia, standInMedia } from '../host/media/sources.ts';
import type { HostSetting } from '../host/setting.ts';
import { serveWindow } from './serve.ts';

/** What the browser shell is started with. */
export interface BrowserShell extends Pick<HostSetting, 'ports' | 'connectTokens' | 'plans' | 'work'> {
  readonly port: number;
  /** A folder that stands for removable media. */
  readonly media?: string;
  /** Folder of the built page. */
  readonly page: string;
  readonly say: (line: string) => void;
  /** Resolves when it shall end. */
  readonly ended: Promise<void>;
}

/** The window in a browser of this machine, until it shall end: for machines without Electron. */
export async function holdInBrowser(shell: BrowserShell): Promise<void> {
  const { ports, connectTokens, plans, work, say } = shell;
  const host = createHost({
    shell: 'browser',
    ports,
    connectTokens,
    plans,
    work,
    media: shell.media === undefined ? pluggedMedia() : standInMedia(shell.media),
    // A browser's other pages are not ours to see.
    networkDenied: () => null,
  });
  const entropy: Entropy = ports.entropy;
  const assets = await loadAssets(shell.page);
  const served = await serveWindow({
    host,
    assets,
    entropy,
    port: shell.port,
    refused: (code) => say(`refused at the door: ${code}`),
  });
  try {
    say('The window is open to one page of one browser on this machine. Open this address, which works once:');
    say('');
    say(`  ${served.url}`);
    say('');
    say('Ctrl-C closes it. A ceremony that is open then can be resumed.');
    await shell.ended;
  } finally {
    await host.close();
    await served.close();
  }
}
