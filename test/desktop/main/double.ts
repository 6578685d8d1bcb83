// A double of the few Electron calls this program makes: it keeps what it was told, and lets a test be the page.
import type { BrowserWindowConstructorOptions } from 'electron';
import type { Electron } from '../../../desktop/main/open-electron.ts';

type Listener = (...args: never[]) => unknown;

class Emitter {
  readonly listeners = new Map<string, Listener[]>();

  readonly on = (name: string, listener: Listener): this => {
    this.listeners.set(name, [...(this.listeners.get(name) ?? []), listener]);
    return this;
  };

  readonly once = this.on;

  /** What Electron would do when something happens. */
  happen(name: string, ...args: unknown[]): void {
    for (const listener of this.listeners.get(name) ?? []) listener(...(args as never[]));
  }
}

export interface Frame {
  url: string;
  parent: Frame | null;
}

/** A window's contents: one top frame. */
export class Contents extends Emitter {
  readonly id: number;
  readonly mainFrame: Frame = { url: 'about:blank', parent: null };
  readonly sent: unknown[] = [];
  openHandler: ((details: object) => { action: string }) | undefined;

  constructor(id: number) {
    super();
    this.id = id;
  }

  readonly getURL = (): string => this.mainFrame.url;
  readonly isDestroyed = (): boolean => false;
  readonly send = (...args: unknown[]): number => this.sent.push(args);
  readonly setWindowOpenHandler = (handler: (details: object) => { action: string }): void => {
    this.openHandler = handler;
  };
}

type BeforeRequest = (details: { url: string }, answer: (response: { cancel?: boolean }) => void) => void;
type PermissionRequest = (contents: unknown, permission: string, answer: (granted: boolean) => void) => void;

export class ElectronDouble {
  readonly app = Object.assign(new Emitter(), {
    whenReady: () => Promise.resolve(),
    quit: () => this.told.push('quit'),
    enableSandbox: () => this.told.push('enableSandbox'),
    requestSingleInstanceLock: () => true,
  });
  readonly told: string[] = [];
  readonly handles = new Map<string, (event: unknown, message: unknown) => Promise<unknown>>();
  readonly window = Object.assign(new Emitter(), {
    webContents: new Contents(7),
    removeMenu: () => undefined,
    close: () => this.told.push('closed'),
    loadURL: (url: string) => {
      this.window.webContents.mainFrame.url = url;
      return Promise.resolve();
    },
  });
  options: BrowserWindowConstructorOptions | undefined;
  serve: ((request: Request) => Response) | undefined;
  schemes: unknown;
  beforeRequest: BeforeRequest | undefined;
  permissionRequest: PermissionRequest | undefined;
  permissionCheck: (() => boolean) | undefined;
  devicePermission: (() => boolean) | undefined;
  readonly session = Object.assign(new Emitter(), {
    webRequest: { onBeforeRequest: (handler: BeforeRequest) => (this.beforeRequest = handler) },
    setPermissionRequestHandler: (handler: PermissionRequest) => (this.permissionRequest = handler),
    setPermissionCheckHandler: (handler: () => boolean) => (this.permissionCheck = handler),
    setDevicePermissionHandler: (handler: () => boolean) => (this.devicePermission = handler),
    setSpellCheckerEnabled: () => undefined,
  });

  /** As the program takes it. */
  get api(): Electron {
    const api = {
      app: this.app,
      protocol: {
        registerSchemesAsPrivileged: (schemes: unknown) => {
          this.schemes = schemes;
          this.told.push('registerSchemes');
        },
        handle: (_scheme: string, handler: (request: Request) => Response) => (this.serve = handler),
      },
      ipcMain: {
        handle: (channel: string, handler: (event: unknown, message: unknown) => Promise<unknown>) =>
          this.handles.set(channel, handler),
      },
      session: () => this.session,
      makeWindow: (options: BrowserWindowConstructorOptions) => {
        this.options = options;
        return this.window;
      },
    };
    return api as unknown as Electron;
  }

  /** A message as a frame of some contents sends it. */
  message(
    channel: string,
    message: unknown,
    from: { sender?: Contents; senderFrame?: Frame | null } = {},
  ): Promise<unknown> {
    const sender = from.sender ?? this.window.webContents;
    const senderFrame = from.senderFrame === undefined ? sender.mainFrame : from.senderFrame;
    const handle = this.handles.get(channel);
    if (handle === undefined) throw new Error(`nobody listens on ${channel}`);
    return handle({ sender, senderFrame }, message);
  }
}
