import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { atomicCreate, atomicWrite } from '../../../core/node/atomic-write.ts';
import { utf8 } from '../../../core/ports/bytes.ts';
import { testFolder } from '../../support/folder.ts';
import { projectRoot } from '../../support/rehearsal-room.ts';

const folder = testFolder();
const hook = path.join(projectRoot, 'test/faults/ceremony/kill-hook.mjs');
const module = path.join(projectRoot, 'core/node/atomic-write.ts');

/** Writes `new` to a file in another process that is killed at a point; the signal it ended with. */
function killedWriting(
  file: string,
  point: 'before-rename' | 'after-rename',
  how: 'atomicWrite' | 'atomicCreate' = 'atomicWrite',
): string | null {
  const script = `import { ${how} as write } from ${JSON.stringify(module)}; await write(process.argv[1], Buffer.from('new'), 0o600);`;
  const { signal } = spawnSync(process.execPath, ['--import', hook, '--input-type=module', '-e', script, file], {
    env: { ...process.env, COLDROOT_TEST_HOOK: JSON.stringify({ point, count: 1 }) },
  });
  return signal;
}

describe('a file is replaced whole or not at all', () => {
  it('writes a new file for its owner alone, and replaces an old one', async () => {
    await atomicWrite(folder.path('file'), utf8('one'));
    expect(statSync(folder.path('file')).mode & 0o777).toBe(0o600);
    await atomicWrite(folder.path('file'), utf8('two'));
    expect(readFileSync(folder.path('file'), 'utf8')).toBe('two');
    expect(readdirSync(folder.path())).toEqual(['file']);
  });

  it('killed just before the end, the old bytes are there; the next write succeeds and cleans up', async () => {
    const file = folder.write('file', 'old');
    expect(killedWriting(file, 'before-rename')).toBe('SIGKILL');
    expect(readFileSync(file, 'utf8')).toBe('old');
    await atomicWrite(file, utf8('newer'));
    expect(readFileSync(file, 'utf8')).toBe('newer');
    expect(readdirSync(folder.path())).toEqual(['file']);
  });

  it('killed just after it, the new bytes are there', () => {
    const file = folder.write('file', 'old');
    expect(killedWriting(file, 'after-rename')).toBe('SIGKILL');
    expect(readFileSync(file, 'utf8')).toBe('new');
  });

  it('a write that fails leaves the old file and nothing besides', async () => {
    mkdirSync(folder.path('target'));
    writeFileSync(folder.path('target/inside'), 'old');
    await expect(atomicWrite(folder.path('target'), utf8('new'))).rejects.toMatchObject({
      code: expect.any(String) as string,
    });
    await expect(atomicWrite(folder.path('none/file'), utf8('new'))).rejects.toMatchObject({ code: 'ENOENT' });
    expect(readdirSync(folder.path())).toEqual(['target']);
    expect(readFileSync(folder.path('target/inside'), 'utf8')).toBe('old');
  });
});

/** Different bytes, more than are written in one go. */
const several = ['1', '2', '3', '4', '5', '6'].map((digit) => utf8(digit.repeat(300_000)));

describe('several writers of one file', () => {
  it('replace it one after the other: the bytes of one of them are there whole, and nothing besides', async () => {
    await Promise.all(several.map((bytes) => atomicWrite(folder.path('file'), bytes)));
    const there = readFileSync(folder.path('file'));
    expect(several.filter((bytes) => there.equals(bytes))).toHaveLength(1);
    expect(readdirSync(folder.path())).toEqual(['file']);
  });

  it('make it once: the others are told that there is one', async () => {
    const made = await Promise.all(several.map((bytes) => atomicCreate(folder.path('file'), bytes, 0o600)));
    expect(made.filter(Boolean)).toHaveLength(1);
    const first = several[made.indexOf(true)] ?? new Uint8Array();
    expect(readFileSync(folder.path('file')).equals(first)).toBe(true);
    expect(readdirSync(folder.path())).toEqual(['file']);
  });

  it('leave alone what a living one is writing, and remove what one left that was killed', async () => {
    const dead = spawnSync('true').pid;
    folder.write(`.file.${process.ppid}-1.new`, 'half');
    folder.write(`.file.${dead}-1.new`, 'half');
    folder.write(`.other.${dead}-1.new`, 'half');
    await atomicWrite(folder.path('file'), utf8('new'));
    expect(readdirSync(folder.path()).sort()).toEqual([`.file.${process.ppid}-1.new`, `.other.${dead}-1.new`, 'file']);
  });
});

describe('a file is made whole or not at all, and never in place of another', () => {
  it('killed just before the end there is none; the next attempt makes it and cleans up', async () => {
    const file = folder.path('file');
    expect(killedWriting(file, 'before-rename', 'atomicCreate')).toBe('SIGKILL');
    expect(readdirSync(folder.path())).not.toContain('file');
    expect(await atomicCreate(file, utf8('newer'), 0o600)).toBe(true);
    expect(readdirSync(folder.path())).toEqual(['file']);
  });

  it('killed just after it, it is there whole, and stays', async () => {
    const file = folder.path('file');
    expect(killedWriting(file, 'after-rename', 'atomicCreate')).toBe('SIGKILL');
    expect(await atomicCreate(file, utf8('newer'), 0o600)).toBe(false);
    expect(readFileSync(file, 'utf8')).toBe('new');
    expect(readdirSync(folder.path())).toEqual(['file']);
  });

  it('on a medium that knows no links, too', () => {
    const noLinks = `import fs from 'node:fs/promises'; import { syncBuiltinESMExports } from 'node:module';
      fs.link = async () => { throw Object.assign(new Error('EPERM'), { code: 'EPERM' }); }; syncBuiltinESMExports();`;
    const script = `import { atomicCreate } from ${JSON.stringify(module)};
      for (const text of ['one', 'two']) console.log(await atomicCreate(process.argv[1], Buffer.from(text), 0o600));`;
    const { stdout } = spawnSync(
      process.execPath,
      [
        '--import',
        `data:text/javascript,${encodeURIComponent(noLinks)}`,
        '--input-type=module',
        '-e',
        script,
        folder.path('file'),
      ],
      { encoding: 'utf8' },
    );
    expect(stdout).toBe('true\nfalse\n');
    expect(readFileSync(folder.path('file'), 'utf8')).toBe('one');
    expect(readdirSync(folder.path())).toEqual(['file']);
  });

  it('what does not pass the look at it is not there', async () => {
    const unfit = atomicCreate(folder.path('file'), utf8('new'), 0o600, (written) =>
      Promise.reject(new Error(readFileSync(written, 'utf8'))),
    );
    await expect(unfit).rejects.toThrow('new');
    expect(readdirSync(folder.path())).toEqual([]);
  });
});
