import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readInstallation } from '../../../core/node/installation.ts';
import { differences, readFileList } from '../../../core/ports/installation.ts';
import { testFolder } from '../../support/folder.ts';

const folder = testFolder();

/** A small installation with the list sha256sum makes of it. */
function install(): string {
  mkdirSync(folder.path('opt/dist'), { recursive: true });
  for (const name of ['LICENSE', 'dist/coldroot.js', 'dist/pkcs11-child.js']) {
    writeFileSync(folder.path('opt', name), `the text of ${name}`);
  }
  const command = 'find . -type f -printf "%P\\n" | LC_ALL=C sort | xargs sha256sum > ../list && mv ../list SHA256SUMS';
  execFileSync('sh', ['-c', command], { cwd: folder.path('opt') });
  return folder.path('opt');
}

const asListed = { files: 3, changed: [], missing: [], extra: [] };

describe('an installation', () => {
  it('as it was installed is as listed, and the hash of its list is what sha256sum says', async () => {
    const found = await readInstallation(install());
    const list = execFileSync('sha256sum', [folder.path('opt/SHA256SUMS')], { encoding: 'utf8' }).slice(0, 64);
    expect(found).toEqual({ ...asListed, list });
  });

  const changes: readonly (readonly [string, () => void, object])[] = [
    [
      'a changed file',
      () => writeFileSync(folder.path('opt/dist/coldroot.js'), 'other'),
      { changed: ['dist/coldroot.js'] },
    ],
    ['a missing file', () => rmSync(folder.path('opt/LICENSE')), { missing: ['LICENSE'] }],
    ['a file nobody listed', () => writeFileSync(folder.path('opt/dist/more.js'), ''), { extra: ['dist/more.js'] }],
    [
      'a file that moved',
      () => renameSync(folder.path('opt/LICENSE'), folder.path('opt/dist/LICENSE')),
      { missing: ['LICENSE'], extra: ['dist/LICENSE'] },
    ],
    [
      'a link in the place of a file, even to the same bytes',
      () => {
        renameSync(folder.path('opt/LICENSE'), folder.path('same'));
        symlinkSync(folder.path('same'), folder.path('opt/LICENSE'));
      },
      { changed: ['LICENSE'] },
    ],
    [
      'a FIFO, without waiting for what it says',
      () => execFileSync('mkfifo', [folder.path('opt/dist/fifo')]),
      { extra: ['dist/fifo'] },
    ],
  ];
  it.each(changes)('names %s', async (_, change, expected) => {
    install();
    change();
    expect(await readInstallation(folder.path('opt'))).toMatchObject({ ...asListed, ...expected });
  });

  it('without a list has nothing to be compared with', async () => {
    rmSync(`${install()}/SHA256SUMS`);
    expect(await readInstallation(folder.path('opt'))).toBeUndefined();
  });

  it.each([
    ['nothing', ''],
    ['a last line that does not end', `${'0'.repeat(64)}  a`],
    ['a path twice', `${'0'.repeat(64)}  a\n${'0'.repeat(64)}  a\n`],
    ['paths out of order', `${'0'.repeat(64)}  b\n${'0'.repeat(64)}  a\n`],
    ['a hash that is short', `${'0'.repeat(63)}  a\n`],
  ])('with a list that is %s is refused', async (_, text) => {
    writeFileSync(`${install()}/SHA256SUMS`, text);
    await expect(readInstallation(folder.path('opt'))).rejects.toMatchObject({ code: 'installation-list' });
  });

  it('any list that is written sorted is read as it was written, and no other text is read at all', () => {
    const path = fc.stringMatching(/^[a-z0-9./-]{1,40}$/u);
    const hash = fc.stringMatching(/^[0-9a-f]{64}$/u);
    fc.assert(
      fc.property(fc.dictionary(path, hash, { minKeys: 1 }), (files) => {
        const rows = Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1));
        const text = rows.map(([name, value]) => `${value}  ${name}\n`).join('');
        expect([...(readFileList(text) ?? [])]).toEqual(rows);
        expect(readFileList(text.slice(1))).toBeUndefined();
      }),
    );
  });

  it('that has changed everywhere names ten files and counts the others', () => {
    const changed = Array.from({ length: 25 }, (_, index) => `file-${index}`);
    expect(differences({ list: '', files: 25, changed, missing: [], extra: [] })).toHaveLength(11);
    expect(differences({ list: '', files: 25, changed, missing: [], extra: [] }).at(-1)).toBe('and 15 more');
  });
});
