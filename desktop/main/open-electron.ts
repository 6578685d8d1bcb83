import type { App, BrowserWindow, BrowserWindowConstructorOptions, IpcMain, Protocol, Session } from 'electron';
import type { Asset } from '../host/assets.ts';
import { createHost } from '../host/host.ts';
import type { HostSetting } from '../host/setting.ts';
import { guardContents, guardSession } from './harden.ts';
import { connectPage } from './ipc.ts';
import { pageAddress } from './page-address.ts';
import { registerScheme, servePage } from './page-protocol.ts';
import { windowOptions } from './window-options.ts';

/** Of Electron, all that this program uses. */
export interface Electron {
  readonly app: Pick<App, 'on' | 'whenReady' | 'quit' | 'enableSandbox' | 'requestSingleInstanceLock'>;
  readonly protocol: Pick<Protocol, 'registerSchemesAsPrivileged' | 'handle'>;
  readonly ipcMain: Pick<IpcMain, 'handle'>;
  readonly session: () => Session;
  readonly makeWindow: (options: BrowserWindowConstructorOptions) => BrowserWindow;
}

interface ElectronShell extends Omit<HostSetting, 'shell' | 'networkDenied'> {
  /** Read when everything that must be said before Electron is ready has been said. */
  readonly assets: () => Promise<ReadonlyMap<string, Asset>>;
  /** The preload script's file. */
  readonly preload: string;
}

/**
 * Opens the window. Everything that is forbidden is forbidden before there is a page; a window that is closed closes its
 * ceremony, which can be resumed.
 */
export async function openElectron(electron: Electron, { assets, preload, ...setting }: ElectronShell): Promise<void> {
  const { app, protocol, ipcMain } = electron;
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return;
  }
  app.enableSandbox();
  registerScheme(protocol);
  guardContents(app);
  await app.whenReady();
  const guard = guardSession(electron.session());
  servePage(protocol, await assets());
  const host = createHost({ ...setting, shell: 'electron', networkDenied: guard.denied });
  const window = electron.makeWindow(windowOptions(preload));
  window.removeMenu();
  connectPage(ipcMain, window.webContents, host);
  let closed = false;
  window.on('close', (event) => {
    if (closed) return;
    // An act that is being done is finished first: the window waits for it.
    event.preventDefault();
    void host.close().finally(() => {
      closed = true;
      window.close();
    });
  });
  app.on('window-all-closed', () => {
    app.quit();
  });
  await window.loadURL(pageAddress);
}
