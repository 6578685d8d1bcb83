import { chmodSync, mkdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { chooseShell } from '../../tui/open-window.ts';
import { testFolder } from '../support/folder.ts';

const folder = testFolder();

/** A program that stands where Electron's would. */
function provisioned(): string {
  mkdirSync(folder.path('electron'));
  folder.write('electron/electron', '', 0o755);
  chmodSync(folder.path('electron/electron'), 0o755);
  return folder.path('electron');
}

test('the window is Electron’s where its program, a display and a user who is not root are', () => {
  const environment = { ELECTRON_OVERRIDE_DIST_PATH: provisioned(), DISPLAY: ':0' };
  const chosen = chooseShell({ shell: 'any' }, folder.path('dist'), environment, false);
  expect(chosen).toEqual({ electron: folder.path('electron/electron') });
});

test('else it is the browser’s page, and why is said', () => {
  const electron = { ELECTRON_OVERRIDE_DIST_PATH: provisioned() };
  const here = folder.path('dist');
  const why = (...args: Parameters<typeof chooseShell>): unknown => chooseShell(...args);
  expect(why({ shell: 'browser' }, here, { ...electron, DISPLAY: ':0' }, false)).toEqual({ why: 'asked for' });
  expect(why({ shell: 'any' }, here, { DISPLAY: ':0' }, false)).toEqual({
    why: 'Electron’s program is not on this machine',
  });
  expect(why({ shell: 'any' }, here, electron, false)).toEqual({ why: 'there is no display for Electron' });
  expect(why({ shell: 'any' }, here, { ...electron, DISPLAY: ':0' }, true)).toEqual({
    why: 'Electron’s sandbox does not work for root',
  });
});
