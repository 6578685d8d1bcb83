import { symlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readTextFile } from '../../../core/node/text-file.ts';
import { testFolder } from '../../support/folder.ts';

const folder = testFolder();

describe('a text file that a person wrote', () => {
  it('is read as it is, empty or not', async () => {
    expect(await readTextFile(folder.write('a', 'Grüße\n'))).toBe('Grüße\n');
    expect(await readTextFile(folder.write('b', ''))).toBe('');
  });

  it.each([
    ['a byte order mark', Buffer.from('\uFEFFcoldroot: 1\n')],
    ['UTF-16', Buffer.from('\uFEFFcoldroot: 1\n', 'utf16le')],
    ['Latin-1', Buffer.from('Gr\u00fc\u00dfe', 'latin1')],
    ['an overlong encoding', Buffer.from([0xc0, 0xaf])],
    ['half a character', Buffer.from([0xe2, 0x82])],
    ['a surrogate', Buffer.from([0xed, 0xa0, 0x80])],
  ])('is refused with %s', async (_, bytes) => {
    const file = folder.write('a', bytes);
    await expect(readTextFile(file)).rejects.toMatchObject({ code: 'file-not-text', where: { file } });
  });

  it('is refused when it is too long, a link, or not there', async () => {
    const real = folder.write('long', ' '.repeat(1_000_001));
    symlinkSync(real, folder.path('link'));
    await expect(readTextFile(real)).rejects.toMatchObject({ code: 'media-too-large' });
    await expect(readTextFile(folder.path('link'))).rejects.toMatchObject({ code: 'media-not-a-file' });
    await expect(readTextFile(folder.path('none'))).rejects.toMatchObject({ code: 'media-missing' });
  });
});
