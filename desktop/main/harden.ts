import type { App, Session } from 'electron';
import { pagePath } from './page-address.ts';

/** Counts what was refused, for the window to show: on an air-gapped machine it stays 0, or somebody should know. */
export interface NetworkGuard {
  readonly denied: () => number;
}

/** Refuses every request but for files of our page, and every permission there is. */
export function guardSession(session: Session): NetworkGuard {
  let denied = 0;
  session.webRequest.onBeforeRequest(({ url }, answer) => {
    const ours = pagePath(url) !== undefined;
    if (!ours) denied += 1;
    answer({ cancel: !ours });
  });
  session.setPermissionRequestHandler((_contents, _permission, answer) => {
    answer(false);
  });
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event) => {
    event.preventDefault();
  });
  session.setSpellCheckerEnabled(false);
  return { denied: () => denied };
}

/** No page of this program goes anywhere, opens anything or holds another page: whatever made it. */
export function guardContents(app: Pick<App, 'on'>): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
    for (const event of ['will-navigate', 'will-frame-navigate', 'will-redirect'] as const) {
      contents.on(event as 'will-navigate', (details) => {
        details.preventDefault();
      });
    }
    contents.on('will-attach-webview', (event) => {
      event.preventDefault();
    });
  });
}
