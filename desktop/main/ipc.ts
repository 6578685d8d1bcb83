import type { IpcMain, IpcMainInvokeEvent, WebContents } from 'electron';
import { dispatch } from '../contract/dispatch.ts';
import { refuse, type Reply } from '../contract/reply.ts';
import type { WindowHost } from '../host/host.ts';
import { isOwnPage } from './page-address.ts';

/** The only two channels a page can call, and the one it is told things on. */
const channels = { call: 'coldroot:call', secret: 'coldroot:secret', event: 'coldroot:event' } as const;

/**
 * A message counts when it is from our window, from its top frame, and that frame shows our page. A frame that is gone,
 * empty or about:blank is none of that: there is no exception for it.
 */
function isOurs(event: Pick<IpcMainInvokeEvent, 'sender' | 'senderFrame'>, window: Pick<WebContents, 'id'>): boolean {
  const { sender, senderFrame } = event;
  if (sender.id !== window.id || senderFrame === null) return false;
  return senderFrame.parent === null && senderFrame === sender.mainFrame && isOwnPage(senderFrame.url);
}

const foreign = refuse(
  'ipc-foreign',
  'This message is not from the window’s own page.',
  'Close the window and start it again.',
);

/** Connects a window's page to its host. Anything else that calls is refused, and its entries are wiped all the same. */
export function connectPage(ipcMain: Pick<IpcMain, 'handle'>, contents: WebContents, host: WindowHost): void {
  ipcMain.handle(channels.call, async (event, message: unknown): Promise<Reply<unknown>> => {
    return isOurs(event, contents) ? dispatch(host.handlers, message) : foreign;
  });
  ipcMain.handle(channels.secret, async (event, message: unknown): Promise<Reply<null>> => {
    if (isOurs(event, contents)) return host.secret(message);
    const { secret } = (message ?? {}) as { readonly secret?: unknown };
    if (secret instanceof Uint8Array) secret.fill(0);
    return foreign;
  });
  const forget = host.subscribe((event) => {
    if (!contents.isDestroyed() && isOwnPage(contents.getURL())) contents.send(channels.event, event);
  });
  contents.once('destroyed', forget);
}
