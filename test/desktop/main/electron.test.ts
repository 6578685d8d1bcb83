import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { utf8 } from '../../../core/ports/bytes.ts';
import { openElectron } from '../../../desktop/main/open-electron.ts';
import { testHostSetting } from '../support/window.ts';
import { Contents, ElectronDouble, type Frame } from './double.ts';

const double = new ElectronDouble();
const work = mkdtempSync(path.join(tmpdir(), 'coldroot-electron-'));
const page = 'app://coldroot/';

beforeAll(async () => {
  const asset = { type: 'text/html; charset=utf-8', bytes: utf8('<!doctype html>') };
  const assets = new Map([
    ['/', asset],
    ['/index.html', asset],
  ]);
  await openElectron(double.api, {
    ...testHostSetting({ plans: [work], work }),
    assets: () => Promise.resolve(assets),
    preload: '/program/preload.cjs',
  });
});

afterAll(() => {
  rmSync(work, { recursive: true, force: true });
});

const hello = { method: 'hello', request: {} };

test('the page is in a sandbox, in a world of its own, and has nothing of Node', () => {
  expect(double.told.slice(0, 2)).toEqual(['enableSandbox', 'registerSchemes']);
  expect(double.schemes).toEqual([{ scheme: 'app', privileges: { standard: true, secure: true } }]);
  expect(double.options?.webPreferences).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInSubFrames: false,
    webviewTag: false,
    devTools: false,
  });
});

test('the window’s own page is answered', async () => {
  const reply = await double.message('coldroot:call', hello);
  expect(reply).toMatchObject({ ok: true, response: { shell: 'electron', networkDenied: 0 } });
});

const foreign: readonly (readonly [string, { sender?: Contents; senderFrame?: Frame | null }])[] = [
  ['another window', { sender: Object.assign(new Contents(8), { mainFrame: { url: page, parent: null } }) }],
  ['a frame that is gone', { senderFrame: null }],
  ['a sub-frame, even of our own address', { senderFrame: { url: page, parent: { url: page, parent: null } } }],
  ['a frame that is not the top one', { senderFrame: { url: page, parent: null } }],
];

test.each(foreign)('a message from %s is refused, and its entry is wiped', async (_, from) => {
  expect(await double.message('coldroot:call', hello, from)).toMatchObject({ refusal: { code: 'ipc-foreign' } });
  const secret = utf8('canary-4711');
  const reply = await double.message('coldroot:secret', { act: 1, prompt: 'pin-root', secret }, from);
  expect(reply).toMatchObject({ ok: false, refusal: { code: 'ipc-foreign' } });
  expect([...secret].every((byte) => byte === 0)).toBe(true);
});

test.each([
  'about:blank',
  '',
  'https://coldroot/',
  'app://coldroot.example/',
  'app://coldroot:1/',
  'app://coldroot/x',
  'file:///',
])('a top frame that shows %j is not our page', async (url) => {
  const { mainFrame } = double.window.webContents;
  mainFrame.url = url;
  const reply = await double.message('coldroot:call', hello);
  mainFrame.url = page;
  expect(reply).toMatchObject({ ok: false, refusal: { code: 'ipc-foreign' } });
});

test('an entry of our own page reaches the host and is wiped', async () => {
  const secret = utf8('canary-4711');
  const reply = await double.message('coldroot:secret', { act: 1, prompt: 'pin-root', secret });
  expect(reply).toMatchObject({ ok: false, refusal: { code: 'window-none' } });
  expect([...secret].every((byte) => byte === 0)).toBe(true);
});

test('no other channel is listened on', () => {
  expect([...double.handles.keys()]).toEqual(['coldroot:call', 'coldroot:secret']);
});

test('our page is served with its policy, and nothing else is', async () => {
  const served = double.serve?.(new Request(page));
  expect(served?.status).toBe(200);
  expect(served?.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(await served?.text()).toBe('<!doctype html>');
  for (const url of ['app://coldroot/main.ts', 'app://coldroot/%2e%2e/x', 'app://other/', 'app://coldroot:1/']) {
    expect([url, double.serve?.(new Request(url)).status]).toEqual([url, 404]);
  }
});

test('every request but for our page is refused and counted, and the window is told', async () => {
  const canceled = (url: string): boolean | undefined => {
    let cancel: boolean | undefined;
    double.beforeRequest?.({ url }, (answer) => (cancel = answer.cancel));
    return cancel;
  };
  expect(canceled('app://coldroot/main.js')).toBe(false);
  for (const url of ['https://example.com/', 'http://127.0.0.1/', 'file:///etc/passwd', 'ws://x/', 'devtools://x/']) {
    expect(canceled(url)).toBe(true);
  }
  expect(await double.message('coldroot:call', hello)).toMatchObject({ response: { networkDenied: 5 } });
});

test('every permission is refused, asked for or looked up', () => {
  const granted: boolean[] = [];
  for (const permission of ['media', 'usb', 'clipboard-read', 'openExternal']) {
    double.permissionRequest?.({}, permission, (answer) => granted.push(answer));
  }
  expect(granted).toEqual([false, false, false, false]);
  expect(double.permissionCheck?.()).toBe(false);
  expect(double.devicePermission?.()).toBe(false);
});

test('contents of any kind go nowhere, open nothing, hold no other page and download nothing', () => {
  const contents = new Contents(9);
  double.app.happen('web-contents-created', {}, contents);
  expect(contents.openHandler?.({ url: page })).toEqual({ action: 'deny' });
  for (const name of ['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview']) {
    let prevented = false;
    contents.happen(name, { preventDefault: () => (prevented = true) });
    expect([name, prevented]).toEqual([name, true]);
  }
  let prevented = false;
  double.session.happen('will-download', { preventDefault: () => (prevented = true) });
  expect(prevented).toBe(true);
});
