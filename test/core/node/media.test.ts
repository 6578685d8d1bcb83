import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { fileMedia } from '../../../core/node/media.ts';
import { utf8 } from '../../../core/ports/bytes.ts';
import { testFolder } from '../../support/folder.ts';

const folder = testFolder();

describe('reading from a medium', () => {
  it('gives a plain file whole, an empty one too, and one of exactly the size allowed', async () => {
    folder.write('plan.yaml', 'abc');
    folder.write('empty', '');
    expect(await fileMedia.read(folder.path('plan.yaml'), 3)).toEqual(utf8('abc'));
    expect(await fileMedia.read(folder.path('empty'), 0)).toHaveLength(0);
  });

  it('refuses a file one byte too large', async () => {
    folder.write('plan.yaml', 'abcd');
    await expect(fileMedia.read(folder.path('plan.yaml'), 3)).rejects.toMatchObject({ code: 'media-too-large' });
  });

  it('refuses a file that is not there, and a path through a file', async () => {
    folder.write('file', '');
    await expect(fileMedia.read(folder.path('none'), 9)).rejects.toMatchObject({ code: 'media-missing' });
    await expect(fileMedia.read(folder.path('file/none'), 9)).rejects.toMatchObject({ code: 'media-unreadable' });
  });

  it('refuses a link, a dangling link and a link to itself', async () => {
    symlinkSync(folder.write('real', 'abc'), folder.path('link'));
    symlinkSync(folder.path('none'), folder.path('dangling'));
    symlinkSync(folder.path('loop'), folder.path('loop'));
    for (const name of ['link', 'dangling', 'loop']) {
      await expect(fileMedia.read(folder.path(name), 9)).rejects.toMatchObject({ code: 'media-not-a-file' });
    }
  });

  it('refuses a folder, a FIFO and a device without waiting for anybody', async () => {
    mkdirSync(folder.path('folder'));
    execFileSync('mkfifo', [folder.path('fifo')]);
    for (const file of [folder.path('folder'), folder.path('fifo'), '/dev/zero', '/dev/null']) {
      await expect(fileMedia.read(file, 9)).rejects.toMatchObject({ code: 'media-not-a-file' });
    }
  });

  it('refuses a socket', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(folder.path('socket'), resolve));
    await expect(fileMedia.read(folder.path('socket'), 9)).rejects.toMatchObject({ code: 'media-unreadable' });
    await new Promise((resolve) => server.close(resolve));
  });

  it('every refusal names the file and what to do', async () => {
    const file = folder.path('none');
    await expect(fileMedia.read(file, 9)).rejects.toMatchObject({
      message: expect.stringContaining(file) as string,
      remedy: expect.stringMatching(/\.$/u) as string,
      where: { file },
    });
  });
});

describe('writing to a medium', () => {
  it('makes the folders and the file, readable by all, and leaves nothing else', async () => {
    await fileMedia.write(folder.path('out/deep/file'), utf8('abc'));
    expect(readFileSync(folder.path('out/deep/file'), 'utf8')).toBe('abc');
    expect(statSync(folder.path('out/deep/file')).mode & 0o777).toBe(0o644);
    expect(readdirSync(folder.path('out/deep'))).toEqual(['file']);
  });

  it('the same bytes again are no error: a run that was interrupted writes them twice', async () => {
    await fileMedia.write(folder.path('file'), utf8('abc'));
    await fileMedia.write(folder.path('file'), utf8('abc'));
    expect(readFileSync(folder.path('file'), 'utf8')).toBe('abc');
  });

  it.each([
    ['of the same length', 'abd'],
    ['longer', 'abcd'],
    ['shorter', 'ab'],
    ['empty', ''],
  ])('other bytes that are there already stay there: %s', async (_, there) => {
    folder.write('file', there);
    await expect(fileMedia.write(folder.path('file'), utf8('abc'))).rejects.toMatchObject({ code: 'media-exists' });
    expect(readFileSync(folder.path('file'), 'utf8')).toBe(there);
  });

  it('never writes through a link, nor over a folder', async () => {
    symlinkSync(folder.write('real', 'keep'), folder.path('link'));
    symlinkSync(folder.path('new'), folder.path('dangling'));
    mkdirSync(folder.path('folder'));
    for (const name of ['link', 'dangling', 'folder']) {
      await expect(fileMedia.write(folder.path(name), utf8('abc'))).rejects.toMatchObject({ code: 'media-not-a-file' });
    }
    expect(readFileSync(folder.path('real'), 'utf8')).toBe('keep');
    expect(readdirSync(folder.path())).not.toContain('new');
  });

  it('a link that waits where the temporary file goes is not followed', async () => {
    symlinkSync(folder.write('victim', 'keep'), folder.path('.file.new'));
    await fileMedia.write(folder.path('file'), utf8('abc'));
    linkSync(folder.path('victim'), folder.path('.other.new'));
    await fileMedia.write(folder.path('other'), utf8('abc'));
    expect(readFileSync(folder.path('victim'), 'utf8')).toBe('keep');
    expect(readFileSync(folder.path('file'), 'utf8')).toBe('abc');
  });

  it('a medium that is not there is an error that says so', async () => {
    writeFileSync(folder.path('file'), '');
    await expect(fileMedia.write(folder.path('file/x'), utf8('abc'))).rejects.toMatchObject({
      code: 'media-unreadable',
    });
    await expect(fileMedia.write('/sys/none/x', utf8('abc'))).rejects.toMatchObject({ code: 'media-write' });
  });
});
