import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { exitCodes } from '../../tui/cli/exit-codes.ts';
import { bundleShape } from '../support/bundle-shape.ts';
import { sha256 } from '../support/hierarchy.ts';
import { bindingText, createRoom, pins, shippedPlan, type RehearsalRoom } from '../support/rehearsal-room.ts';
import { softHsmMissing } from '../support/softhsm.ts';
import { browserMissing, launchBrowser } from './support/browser.ts';
import { holdByKeyboard, type Holding } from './support/hold.ts';
import { chooseByKey, openByKey, pressByKey, tabTo } from './support/keyboard.ts';
import { readAll } from './support/screens.ts';
import { startShell, type Shell } from './support/shell.ts';

const missing = browserMissing() ?? softHsmMissing();
if (missing !== undefined) console.warn(`NOT CHECKED: ceremonies held in the window on a real HSM. ${missing}`);

const holding: Holding = { pins, record: 'RB0001' };
const titles = {
  root: 'Example Corp Root R1',
  intermediate: 'Example Corp Issuing CA I1, from its CSR',
  crl: 'Example Corp Root R1, CRL refresh',
};

let browser: Browser;
let room: RehearsalRoom;
let shell: Shell;
let page: Page;

async function openWindow(): Promise<void> {
  shell = await startShell(room.directory, ['--plans', 'plans', '--work', 'held', '--media', 'stick']);
  page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  page.setDefaultTimeout(90_000);
  await page.goto(shell.url);
  await page.getByRole('heading', { name: 'Ceremonies on this machine' }).waitFor();
}

async function close(): Promise<void> {
  await pressByKey(page, 'Close the ceremony');
  await page.getByRole('heading', { name: 'Ceremonies on this machine' }).waitFor();
}

/** Files below the room by name, wherever the window put the ceremony they are of. */
function found(name: string): readonly string[] {
  return readdirSync(room.path('held'), { recursive: true, encoding: 'utf8' })
    .filter((file) => path.basename(file) === name)
    .map((file) => room.path('held', file));
}

function rootFingerprint(): string {
  const pem = readFileSync(found('root-r1.pem')[0] ?? '', 'utf8');
  return sha256(Buffer.from(pem.replaceAll(/-----[A-Z ]+-----|\s/gu, ''), 'base64'));
}

/** A binding for the ceremony after the one that made this bundle. */
function bindNext(name: string, bundle: string, files = ''): void {
  const previous = `previous: { bundle: ${found(bundle)[0] ?? ''}, root: ${rootFingerprint()} }\n`;
  room.write(`plans/${name}`, bindingText(room.hsm, { root: room.serials.root }, `${previous}${files}`));
}

function makeCsr(): string {
  const file = room.path('issuing.csr');
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', room.path('issuing.key')];
  execFileSync('openssl', ['req', '-new', ...key, '-subj', '/CN=asked for', '-out', file], { stdio: 'pipe' });
  return file;
}

/** The bundle the terminal makes of the same plan with the same answers, on tokens as they were before. */
async function byTerminal(): Promise<string> {
  const other = room.copy();
  try {
    const args = ['--binding', 'root-binding.yaml', '--answers', 'answers.yaml', '--rehearse', '--dir', 'held'];
    const run = await other.spawn(['ceremony', 'run', shippedPlan('root'), ...args]);
    expect(run).toMatchObject({ code: exitCodes.done });
    return bundleShape(other.path('held/out/example-corp-1-rehearsal.coldroot'));
  } finally {
    other.remove();
  }
}

describe.skipIf(missing !== undefined)('ceremonies held in the window, by keyboard, on a real HSM', () => {
  let terminal: string;

  beforeAll(async () => {
    room = await createRoom();
    mkdirSync(room.path('plans'));
    for (const name of ['root', 'intermediate-from-csr', 'root-crl']) {
      copyFileSync(shippedPlan(name), room.path('plans', `${name}.yaml`));
    }
    copyFileSync(room.path('root-binding.yaml'), room.path('plans/b1-root.yaml'));
    terminal = await byTerminal();
    browser = await launchBrowser();
    await openWindow();
  });

  afterAll(async () => {
    await shell?.kill('SIGTERM');
    await browser?.close();
    room?.remove();
  });

  it('a root ceremony whose program is killed is resumed to the bundle the terminal makes', async () => {
    await openByKey(page, titles.root, 'b1-root.yaml');
    await holdByKeyboard(page, { ...holding, until: /^Sign the root certificate/u });
    await shell.kill('SIGKILL');
    // Nobody has to answer anything to be told.
    await page.getByText('The program behind this window does not answer.').waitFor();
    await page.close();

    await openWindow();
    await pressByKey(page, `Resume: ${titles.root}`);
    await page.getByLabel('Type RESUME').waitFor();
    expect(await holdByKeyboard(page, holding)).toBe('The ceremony is finished');
    const [bundle = ''] = found('example-corp-1-rehearsal.coldroot');
    expect(bundleShape(bundle)).toBe(terminal);
    const shown = await page.locator('main .hash').first().innerText();
    expect(shown.replaceAll(/\s/gu, '')).toBe(sha256(readFileSync(bundle)));
  }, 600_000);

  it('exports to a medium, reads it back, and gives a receipt that sha256sum agrees with', async () => {
    await pressByKey(page, 'Export to removable media');
    await chooseByKey(page, 'Which medium', 'stick');
    await page.getByText('A folder that stands for a medium').first().waitFor();
    await pressByKey(page, 'Copy, read back and compare');
    await page.getByRole('heading', { level: 1, name: 'Receipt' }).waitFor();
    const rows = await page.locator('table.files tbody tr').allInnerTexts();
    const copied = readdirSync(room.path('stick'), { recursive: true, encoding: 'utf8' });
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) {
      const [file = ''] = row.split('\t');
      const at = copied.find((name) => path.basename(name) === path.basename(file.trim())) ?? '';
      expect(row.replaceAll(/\s/gu, '')).toContain(sha256(readFileSync(room.path('stick', at))));
    }
    await pressByKey(page, 'Eject the medium');
    await page.getByText('may be taken out now').waitFor();
    await pressByKey(page, 'Back to all ceremonies');
  });

  it('verifies its journal, and shows the certificate it made as fields, DER, PEM and QR code', async () => {
    await pressByKey(page, `Verify: ${titles.root}`);
    await page.getByRole('heading', { name: 'Everything agrees' }).waitFor();
    await pressByKey(page, 'Back to all ceremonies');
    await pressByKey(page, `Look at what it made: ${titles.root}`);
    await page.getByText('CN=REHEARSAL Example Corp Root R1').first().waitFor();
    const hash = await page.locator('.artefact .hash').first().innerText();
    expect(hash.replaceAll(/\s/gu, '')).toBe(rootFingerprint());
    await tabTo(page, 'Fields');
    for (const [name, proof] of [
      ['DER in hex', '000000  30 82'],
      ['PEM', '-----BEGIN CERTIFICATE-----'],
    ] as const) {
      await page.keyboard.press('ArrowRight');
      expect(await page.getByRole('tabpanel', { name }).innerText()).toContain(proof);
    }
    await page.keyboard.press('ArrowRight');
    await page.getByRole('img', { name: `QR code of the SHA-256 ${rootFingerprint()}` }).waitFor();
    await pressByKey(page, 'Back to all ceremonies');
  });

  it('an intermediate from its CSR, then a root CRL, each on the bundle before it', async () => {
    const csr = makeCsr();
    // The ceremony that is over is still open: it is closed before another is.
    await pressByKey(page, `Go to it: ${titles.root}`);
    await close();
    bindNext('b2-csr.yaml', 'example-corp-1-rehearsal.coldroot', `files: { issuing-i1: ${csr} }\n`);
    await pressByKey(page, `Verify: ${titles.root}`);
    await pressByKey(page, 'Back to all ceremonies');
    await openByKey(page, titles.intermediate, 'b2-csr.yaml');
    expect(await holdByKeyboard(page, holding)).toBe('The ceremony is finished');
    await close();
    bindNext('b3-crl.yaml', 'example-corp-2-rehearsal.coldroot');
    await pressByKey(page, `Verify: ${titles.intermediate}`);
    await page.getByRole('heading', { name: 'Everything agrees' }).waitFor();
    await pressByKey(page, 'Back to all ceremonies');
    await openByKey(page, titles.crl, 'b3-crl.yaml');
    expect(await holdByKeyboard(page, holding)).toBe('The ceremony is finished');
    const [last = ''] = found('example-corp-3-rehearsal.coldroot');
    expect(existsSync(last)).toBe(true);
    const verified = await room.run('bundle', 'verify', last, '--root', rootFingerprint(), '--rehearsal');
    expect(verified).toMatchObject({ code: exitCodes.done });
  }, 600_000);

  it('no PIN is in anything the program printed, nor in any file of the ceremonies', async () => {
    await readAll(page);
    const files = readdirSync(room.path('held'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(path.join(entry.parentPath, entry.name), 'latin1'));
    const everything = [shell.printed(), await page.content(), ...files].join('\n');
    expect(files.length).toBeGreaterThan(6);
    expect(everything).not.toContain(pins.root);
    expect(everything).toContain('root-r1');
  });
});
