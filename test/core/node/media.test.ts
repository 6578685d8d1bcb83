import { execFileSync, spawnSync } from 'node:child_process';
import { linkSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileMedia } from '../../../core/node/media.ts';
import { utf8 } from '../../../core/ports/bytes.ts';
import { testFolder } from '../../support/folder.ts';
import { projectRoot } from '../../support/programs.ts';

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

  it('nothing is not the same as something: an empty file does not pass for one that is there', async () => {
    folder.write('file', 'abc');
    await expect(fileMedia.write(folder.path('file'), new Uint8Array())).rejects.toMatchObject({
      code: 'media-exists',
    });
  });

  it('of several who write other bytes one succeeds, and the others are told', async () => {
    const texts = ['one', 'two', 'three', 'four'];
    const ended = await Promise.allSettled(texts.map((text) => fileMedia.write(folder.path('file'), utf8(text))));
    const refused = ended.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
    expect(refused).toEqual(Array(3).fill(expect.objectContaining({ code: 'media-exists' })));
    const there = readFileSync(folder.path('file'), 'utf8');
    expect(ended[texts.indexOf(there)]?.status).toBe('fulfilled');
  });

  it('of several who write the same bytes all succeed', async () => {
    await Promise.all([1, 2, 3, 4].map(() => fileMedia.write(folder.path('file'), utf8('abc'))));
    expect(readdirSync(folder.path())).toEqual(['file']);
  });

  it('a medium that keeps other bytes than it was given has nothing of that name', () => {
    const hook = path.join(import.meta.dirname, 'bad-medium-hook.mjs');
    const script = `import { fileMedia } from ${JSON.stringify(path.join(projectRoot, 'core/node/media.ts'))};
      await fileMedia.write(process.argv[1], Buffer.alloc(3_000_000, 7)).then(() => console.log('written'), ({ code }) => console.log(code));`;
    const written = (preload: readonly string[]): string =>
      spawnSync(process.execPath, [...preload, '--input-type=module', '-e', script, folder.path('file')], {
        encoding: 'utf8',
      }).stdout;
    expect(written(['--import', hook])).toBe('media-differs\n');
    expect(readdirSync(folder.path())).toEqual([]);
    expect(written([])).toBe('written\n');
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
    folder.write('victim', 'keep');
    // Every name it could come to by now, or in the next attempts.
    for (let number = 1; number <= 200; number += 1) {
      const place = folder.path(`.file.${process.pid}-${number}.new`);
      if (number % 2 === 0) symlinkSync(folder.path('victim'), place);
      else linkSync(folder.path('victim'), place);
    }
    await fileMedia.write(folder.path('file'), utf8('abc'));
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
