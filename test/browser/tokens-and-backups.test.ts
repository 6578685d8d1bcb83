// Tokens that come new, and a backup with its drill, held in the window by keyboard on SoftHSM.
import { copyFileSync, mkdirSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { exitCodes } from '../../tui/cli/exit-codes.ts';
import { readShipped } from '../support/ready-plans.ts';
import { furnishRoom, rehearse } from '../support/rehearse-plan.ts';
import { createRoom, pins, shippedPlan, soPins, type RehearsalRoom } from '../support/rehearsal-room.ts';
import { softHsmMissing } from '../support/softhsm.ts';
import { browserMissing, launchBrowser } from './support/browser.ts';
import { holdByKeyboard, type Holding } from './support/hold.ts';
import { openByKey, pressByKey } from './support/keyboard.ts';
import { startShell, type Shell } from './support/shell.ts';

const missing = browserMissing() ?? softHsmMissing();
if (missing !== undefined) console.warn(`NOT CHECKED: new tokens and backups in the window. ${missing}`);

const holding: Holding = { pins: { ...pins, backup: pins.issuing }, soPins, record: 'RB0001' };

describe.skipIf(missing !== undefined)('new tokens and backups, in the window', () => {
  let browser: Browser;
  let room: RehearsalRoom;
  let shell: Shell | undefined;
  let page: Page;

  beforeAll(async () => {
    browser = await launchBrowser();
  });
  beforeEach(async () => {
    room = await createRoom();
    page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
    page.setDefaultTimeout(30_000);
  });
  afterEach(async () => {
    await page.close();
    await shell?.kill('SIGTERM');
    room.remove();
  });
  afterAll(async () => {
    await browser?.close();
  });

  /** Holds a plan that ships as the room's `epoch`th ceremony; every field that was asked for, and the facts at the end. */
  async function hold(name: string, epoch: number): Promise<{ readonly labels: string[]; readonly end: string }> {
    furnishRoom(room, name, epoch);
    mkdirSync(room.path('plans'));
    copyFileSync(shippedPlan(name), room.path('plans/plan.yaml'));
    copyFileSync(room.path('binding.yaml'), room.path('plans/binding.yaml'));
    shell = await startShell(room.directory, ['--plans', 'plans', '--work', 'work']);
    await page.goto(shell.url);
    await openByKey(page, readShipped(name).plan.title, 'binding.yaml');
    const labels: string[] = [];
    const look = async (): Promise<void> => {
      labels.push(await page.locator('form.area label').first().innerText());
    };
    expect(await holdByKeyboard(page, { ...holding, look })).toBe('The ceremony is finished');
    const end = await page.locator('main').first().innerText();
    for (const pin of [...Object.values(pins), ...Object.values(soPins)]) {
      expect(await page.content()).not.toContain(pin);
    }
    await pressByKey(page, 'Close the ceremony');
    await pressByKey(page, `Verify: ${readShipped(name).plan.title}`);
    await page.getByRole('heading', { name: 'Everything agrees' }).waitFor();
    return { labels, end };
  }

  it('a blank token gets two PINs, and every field says which one it is for', async () => {
    await rehearse(room, 'root', 1);
    const { labels, end } = await hold('token-initialization', 2);
    expect(labels.filter((label) => label.includes('PIN'))).toEqual([
      'New SO PIN of the token “issuing”',
      'New SO PIN of the token “issuing”, once more',
      'New user PIN of the token “issuing”',
      'New user PIN of the token “issuing”, once more',
      'PIN of the token “issuing”',
      'PIN of the token “root”',
    ]);
    expect(end).toMatch(/token initialised\s+example-corp-i1, in later bindings pkcs11:/u);
    expect(end).not.toContain('certificate made');
    const { out, code } = await room.run('token', 'list', '--binding', room.path('root-binding.yaml'));
    expect([code, out]).toEqual([exitCodes.done, expect.stringContaining('example-corp-i1') as string]);
  }, 180_000);

  it('a backup is made, drilled and sealed', async () => {
    const { end } = await hold('backup-and-restore-drill', 1);
    expect(end).toMatch(/wrapping key made\s+backup-w1 \(rsa-3072\) on token backup/u);
    expect(room.read('backups/root-r1-backup')).toContain('root-r1');
  }, 180_000);
});
