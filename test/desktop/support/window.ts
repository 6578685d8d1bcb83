// A window's host over real devices, served to a page without a browser.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { systemClock } from '../../../core/node/clock.ts';
import { nodeDigest, nodeVerifier } from '../../../core/node/crypto.ts';
import { systemEntropy } from '../../../core/node/entropy.ts';
import { fileMedia } from '../../../core/node/media.ts';
import { connectTokens } from '../../../core/node/pkcs11/connect.ts';
import { secondOpinions } from '../../../core/node/second-opinion/opinions.ts';
import { shamirSharing } from '../../../core/node/secret-sharing.ts';
import { throwawayKey } from '../../../core/node/throwaway-key.ts';
import { loadAssets } from '../../../desktop/host/assets.ts';
import { createHost, type WindowHost } from '../../../desktop/host/host.ts';
import { pluggedMedia, standInMedia } from '../../../desktop/host/media/sources.ts';
import type { HostSetting } from '../../../desktop/host/setting.ts';
import { serveWindow } from '../../../desktop/loopback/serve.ts';
import { Page } from './page.ts';

export interface TestWindow {
  readonly host: WindowHost;
  readonly url: string;
  readonly port: number;
  /** Codes of what was turned away at the door. */
  readonly refused: string[];
  close(): Promise<void>;
}

interface Options {
  readonly plans: readonly string[];
  readonly work: string;
  readonly media?: string;
}

/** Every port as the program has it, but for the room: a test cannot be in one without a network. */
export function testHostSetting({ plans, work, media }: Options): Omit<HostSetting, 'shell' | 'networkDenied'> {
  const version = '0.0.0-test';
  return {
    ports: {
      clock: systemClock,
      entropy: systemEntropy,
      digest: nodeDigest,
      verify: nodeVerifier,
      media: fileMedia,
      room: () => Promise.resolve({ networkInterfaces: [], platform: 'test', version, softwareHash: '0'.repeat(64) }),
      sharing: shamirSharing,
      opinions: secondOpinions(),
      throwaway: throwawayKey,
      version,
    },
    connectTokens: (modules, onProcess) => connectTokens(modules, onProcess === undefined ? {} : { onProcess }),
    plans,
    work,
    media: media === undefined ? pluggedMedia('/nonexistent') : standInMedia(media),
  };
}

/** Opens a window on a page that is one empty document. */
export async function openTestWindow(options: Options): Promise<TestWindow> {
  const folder = path.join(options.work, '.page');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'index.html'), '<!doctype html><title>Coldroot</title>');
  writeFileSync(path.join(folder, 'main.js'), '');
  writeFileSync(path.join(folder, 'notes.txt'), 'not a part of the page');
  const host = createHost({ ...testHostSetting(options), shell: 'browser', networkDenied: () => null });
  const refused: string[] = [];
  const assets = await loadAssets(folder);
  const served = await serveWindow({
    host,
    assets,
    entropy: systemEntropy,
    port: 0,
    refused: (code) => refused.push(code),
  });
  return {
    host,
    url: served.url,
    port: served.port,
    refused,
    close: async () => {
      await host.close();
      await served.close();
    },
  };
}

/** A window with its page in it. */
export async function openWindowAndPage(
  options: Options,
): Promise<{ readonly window: TestWindow; readonly page: Page }> {
  const window = await openTestWindow(options);
  return { window, page: await Page.open(window.url) };
}
