import type { BrowserWindowConstructorOptions } from 'electron';

/** The one window: its page has a sandbox, its own world, and of Node nothing. */
export function windowOptions(preload: string): BrowserWindowConstructorOptions {
  return {
    title: 'Coldroot',
    width: 1280,
    height: 720,
    minWidth: 1024,
    minHeight: 640,
    autoHideMenuBar: true,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: false,
    },
  };
}
