import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, symlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readPinFile, readShareFile } from '../../../core/node/pin-file.ts';
import { isCoded } from '../../../core/ports/coded-error.ts';
import { testFolder } from '../../support/folder.ts';

const folder = testFolder();
const pin = 'Correct-Horse-4711';
const isRoot = process.getuid?.() === 0;

/** Everything an error could show to anybody. */
async function refusalOf(file: string): Promise<string> {
  try {
    await readPinFile(file);
    return 'accepted';
  } catch (error) {
    if (!isCoded(error, 'pin-file')) throw error;
    const { message, remedy, where, stack, cause } = error;
    return JSON.stringify({ message, remedy, where, stack, cause });
  }
}

describe('a PIN file', () => {
  it.each([
    ['with a line end', `${pin}\n`],
    ['without one', pin],
    ['with a line end of another system', `${pin}\r\n`],
  ])('is read %s, which is not part of the PIN', async (_, text) => {
    expect(await readPinFile(folder.write('pin', text))).toBe(pin);
    chmodSync(folder.path('pin'), 0o400);
    expect(await readPinFile(folder.path('pin'))).toBe(pin);
  });

  it('keeps spaces and letters of every language: they may be part of a PIN', async () => {
    expect(await readPinFile(folder.write('pin', ' ключ €\n'))).toBe(' ключ €');
  });

  it.each([0o640, 0o604, 0o660, 0o644, 0o610, 0o601])('is refused when others may use it: mode %o', async (mode) => {
    folder.write('pin', pin);
    chmodSync(folder.path('pin'), mode);
    expect(await refusalOf(folder.path('pin'))).toContain('can be read by others');
  });

  it.each([
    ['empty', ''],
    ['empty but for a line end', '\n'],
    ['of two lines', `${pin}\n${pin}\n`],
    ['of a line and an empty line', `${pin}\n\n`],
    ['with a tab', `${pin}\t\n`],
    ['with a NUL', `${pin}\0`],
    ['longer than any PIN', 'x'.repeat(257)],
    ['with a byte order mark', `\uFEFF${pin}`],
    ['that is not UTF-8', Buffer.from([0x31, 0xff, 0x32])],
  ])('is refused when it is %s, and the refusal does not show what is in it', async (_, contents) => {
    const refusal = await refusalOf(folder.write('pin', contents));
    expect(refusal).not.toBe('accepted');
    expect(refusal).not.toContain(pin);
  });

  it('of a share may be longer than one of a PIN, and not longer than a share', async () => {
    expect(await readShareFile(folder.write('share', 'ab'.repeat(300)))).toHaveLength(600);
    await expect(readShareFile(folder.write('long', 'ab'.repeat(600)))).rejects.toMatchObject({ code: 'pin-file' });
  });

  it('is refused when it is a link, a folder, a FIFO, a device, or not there', async () => {
    symlinkSync(folder.write('pin', pin), folder.path('link'));
    mkdirSync(folder.path('folder'));
    execFileSync('mkfifo', ['-m', '600', folder.path('fifo')]);
    for (const file of ['link', 'folder', 'fifo', 'none'].map((name) => folder.path(name)).concat('/dev/zero')) {
      expect(await refusalOf(file)).toContain(`PIN file ${file}`);
    }
  });

  it.skipIf(!isRoot)('is refused when it belongs to somebody else (needs root to make one)', async () => {
    folder.write('pin', pin);
    chownSync(folder.path('pin'), 65_534, 65_534);
    expect(await refusalOf(folder.path('pin'))).toContain('belongs to somebody else');
  });
});
