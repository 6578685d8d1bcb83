import { afterAll, beforeAll, expect, test } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as fc from 'fast-check';
import { systemEntropy } from '../../../core/node/entropy.ts';
import { limits } from '../../../desktop/contract/limits.ts';
import { Admission } from '../../../desktop/loopback/admission.ts';
import { gateFault } from '../../../desktop/loopback/gate.ts';
import { navigationHeaders, ownHeaders, Page, send } from '../support/page.ts';
import { openTestWindow, type TestWindow } from '../support/window.ts';

let work = '';
let window: TestWindow;
let page: Page;

beforeAll(async () => {
  work = mkdtempSync(path.join(tmpdir(), 'coldroot-window-'));
  window = await openTestWindow({ plans: [work], work });
  page = await Page.open(window.url);
});

afterAll(async () => {
  page.close();
  await window.close();
  rmSync(work, { recursive: true, force: true });
});

const hello = JSON.stringify({ method: 'hello', request: {} });

/** A call by our own page, but for some headers. */
async function callWith(headers: Readonly<Record<string, string>>): Promise<number> {
  const { status } = await send(window.port, { path: '/call', headers: { ...page.headers, ...headers }, body: hello });
  return status;
}

test('the admitted page is answered', async () => {
  const reply = await page.must('hello', {});
  expect(reply).toMatchObject({ shell: 'browser', version: '0.0.0-test', mediaStandIn: false });
  expect(await page.must('list', {})).toEqual({ plans: [], bindings: [], ceremonies: [] });
});

test.each([
  ['a foreign origin', { origin: 'https://evil.example' }, 'gate-origin'],
  ['an opaque origin', { origin: 'null' }, 'gate-origin'],
  ['another port of this machine', { origin: 'http://127.0.0.1:1' }, 'gate-origin'],
  ['a name that was rebound to this address', { host: 'evil.example' }, 'gate-host'],
  ['localhost, which is another name', { host: 'localhost' }, 'gate-host'],
  ['a foreign site', { 'sec-fetch-site': 'cross-site' }, 'gate-site'],
  ['another server of this machine', { 'sec-fetch-site': 'same-site' }, 'gate-site'],
  ['a request without CORS', { 'sec-fetch-mode': 'no-cors' }, 'gate-mode'],
  ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 'gate-type'],
  ['plain text, which needs no preflight', { 'content-type': 'text/plain' }, 'gate-type'],
])('a call from %s is turned away', async (_, headers, code) => {
  const before = window.refused.length;
  expect(await callWith(headers)).toBe(403);
  expect(window.refused.slice(before)).toEqual([code]);
});

test.each([
  ['no token', ''],
  ['a wrong token', `Bearer ${'0'.repeat(64)}`],
  ['the token of the address, which was used', ''],
])('a call with %s is turned away', async (_, authorization) => {
  const used = authorization === '' ? `Bearer ${new URL(window.url).hash.slice(1)}` : authorization;
  const { status, body } = await send(window.port, {
    path: '/call',
    headers: { ...ownHeaders(window.port), ...(authorization === '' ? {} : { authorization: used }) },
    body: hello,
  });
  expect(status).toBe(401);
  expect(body).toBe('');
});

test('the printed address lets one page in, once', async () => {
  await expect(Page.open(window.url)).rejects.toThrow('not let in: 401');
  expect(await page.must('hello', {})).toMatchObject({ shell: 'browser' });
});

test('a token is exchanged once, and nothing else ever is', () => {
  const admission = new Admission(systemEntropy);
  expect(admission.exchange('')).toBeUndefined();
  expect(admission.exchange(admission.token.toUpperCase())).toBeUndefined();
  const bearer = admission.exchange(admission.token);
  expect(bearer).toMatch(/^[0-9a-f]{64}$/u);
  expect(bearer).not.toBe(admission.token);
  expect(admission.exchange(admission.token)).toBeUndefined();
  expect(admission.admits(`Bearer ${bearer ?? ''}`)).toBe(true);
  expect(admission.admits(`Bearer ${admission.token}`)).toBe(false);
  expect(admission.admits(undefined)).toBe(false);
});

test('the page opens in a window of its own, with a policy that allows nothing from elsewhere', async () => {
  const { status, headers } = await send(window.port, {
    method: 'GET',
    path: '/',
    headers: navigationHeaders(window.port),
  });
  expect(status).toBe(200);
  const policy = String(headers['content-security-policy']);
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toMatch(/unsafe|\*|http/u);
  expect(headers['x-frame-options']).toBe('DENY');
  expect(headers['cache-control']).toBe('no-store');
});

test.each(['iframe', 'frame', 'embed', 'object', 'worker', ''])(
  'the page in a sub-frame is turned away: %j',
  async (kind) => {
    const { 'sec-fetch-dest': _, ...others } = navigationHeaders(window.port);
    const headers = kind === '' ? others : { ...others, 'sec-fetch-dest': kind };
    const { status } = await send(window.port, { method: 'GET', path: '/', headers });
    expect(status).toBe(403);
  },
);

test('a link from another site does not open the page', async () => {
  const headers = { ...navigationHeaders(window.port), 'sec-fetch-site': 'cross-site' };
  expect((await send(window.port, { method: 'GET', path: '/', headers })).status).toBe(403);
});

test.each(['/notes.txt', '/../window.ts', '/%2e%2e/etc/passwd', '//etc/passwd', '/main.js?x', '/.page'])(
  'what is no part of the page is not served: %s',
  async (asked) => {
    const headers = { ...navigationHeaders(window.port), 'sec-fetch-site': 'same-origin', 'sec-fetch-dest': 'script' };
    expect((await send(window.port, { method: 'GET', path: asked, headers })).status).toBe(404);
  },
);

test('a body larger than its bound is turned away before it is read to the end', async () => {
  const body = 'a'.repeat(limits.requestBytes + 1);
  const large = await send(window.port, { path: '/call', headers: page.headers, body }).catch(() => ({ status: 413 }));
  expect(large.status).toBe(413);
  const headers = { ...page.headers, 'content-type': 'application/octet-stream' };
  const secret = await send(window.port, { path: '/secret', headers, body }).catch(() => ({ status: 413 }));
  expect(secret.status).toBe(413);
  expect(await page.must('hello', {})).toMatchObject({ shell: 'browser' });
});

test.each(['PUT', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH'])('the method %s is turned away', async (method) => {
  expect((await send(window.port, { method, path: '/call', headers: page.headers })).status).toBe(403);
});

test('an entry when no ceremony is open is refused by code', async () => {
  expect(await page.enter(1, 'pin-root', 'canary-4711')).toMatchObject({ code: 'window-none' });
});

test('whatever headers a client has, only our own page’s let it act', () => {
  const own = { host: '127.0.0.1:4711', origin: 'http://127.0.0.1:4711' };
  const good: Record<string, string> = ownHeaders(4711);
  const names = ['host', 'origin', 'sec-fetch-site', 'sec-fetch-dest', 'content-type'] as const;
  const values = fc.oneof(fc.constantFrom(...Object.values(good)), fc.string(), fc.constant(undefined));
  fc.assert(
    fc.property(fc.constantFrom(...names), values, (name, value) => {
      const headers = { ...good, ...(value === undefined ? {} : { [name]: value }) };
      if (value === undefined) delete headers[name];
      const fault = gateFault({ method: 'POST', path: '/call', headers }, own);
      const right = headers[name] === good[name] || (name === 'content-type' && value === 'application/octet-stream');
      expect(fault === undefined).toBe(right);
    }),
  );
});
