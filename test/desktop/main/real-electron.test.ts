// The same rules in Electron itself. Its program is not in the registry: where it is not provisioned (as
// ELECTRON_OVERRIDE_DIST_PATH says), this is skipped, and the run says so.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { _electron, type ElectronApplication } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { projectRoot } from '../../support/rehearsal-room.ts';

const provisioned = process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? path.join(projectRoot, 'node_modules/electron/dist');
const program = path.join(provisioned, 'electron');
const display = process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY'] ?? '';
const missing = !existsSync(program)
  ? `there is no Electron program at ${program}`
  : display === ''
    ? 'there is no display'
    : process.getuid?.() === 0
      ? 'Electron’s sandbox does not work for root'
      : undefined;

if (missing !== undefined) process.stderr.write(`SKIPPED: the window in Electron was not tested: ${missing}\n`);

describe('the window in Electron', () => {
  let electron: ElectronApplication;
  let work = '';

  beforeAll(async () => {
    if (missing !== undefined) return;
    work = mkdtempSync(path.join(tmpdir(), 'coldroot-electron-'));
    const args = [
      path.join(projectRoot, 'dist/desktop-main.js'),
      `--plans=${path.join(projectRoot, 'ceremonies')}`,
      `--work=${work}`,
    ];
    electron = await _electron.launch({ executablePath: program, args });
  });

  beforeEach(({ skip }) => {
    skip(missing !== undefined, missing);
  });
  afterAll(async () => {
    if (missing !== undefined) return;
    await electron.close();
    rmSync(work, { recursive: true, force: true });
  });

  test('the page is ours, has the bridge and nothing of Node', async () => {
    const page = await electron.firstWindow();
    expect(page.url()).toBe('app://coldroot/');
    const seen = await page.evaluate(() => ({
      bridge: Object.keys((globalThis as unknown as { coldroot: object }).coldroot).sort(),
      node: ['require', 'process', 'module'].filter((name) => name in globalThis),
    }));
    expect(seen).toEqual({ bridge: ['call', 'secret', 'subscribe'], node: [] });
  });

  test('the page cannot reach a network, open a window or go elsewhere', async () => {
    const page = await electron.firstWindow();
    const reached = await page.evaluate(() =>
      fetch('http://127.0.0.1:9/').then(
        () => 'reached',
        () => 'refused',
      ),
    );
    expect(reached).toBe('refused');
    await page.evaluate("window.open('https://example.com/'); window.location.href = 'https://example.com/';");
    expect(electron.windows().length).toBe(1);
    expect(page.url()).toBe('app://coldroot/');
  });
});
