import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { lock } from '../../../core/node/lock.ts';
import { testFolder } from '../../support/folder.ts';
import { projectRoot } from '../../support/rehearsal-room.ts';

const folder = testFolder();
const module = path.join(projectRoot, 'core/node/lock.ts');

/** A pid that nobody has: of a process that has just ended. */
function deadPid(): number {
  return spawnSync(process.execPath, ['-e', '']).pid;
}

/** What another process says when it takes the lock: `held`, or the code it was refused with. It ends at once. */
async function otherProcess(file: string): Promise<string> {
  const script = `import { lock } from ${JSON.stringify(module)};
    try { await lock(process.argv[1]); console.log('held'); await new Promise((r) => setTimeout(r, 300)); }
    catch (error) { console.log(error.code); }`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, file]);
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await new Promise((resolve) => child.on('close', resolve));
  return text.trim();
}

describe('a lock', () => {
  it('is refused to a second holder, in this process and in another, until it is let go', async () => {
    const file = folder.path('lock');
    const held = await lock(file);
    await expect(lock(file)).rejects.toMatchObject({ code: 'locked', where: { file } });
    await expect(lock(path.join(folder.path(), 'x/../lock'))).rejects.toMatchObject({ code: 'locked' });
    expect(await otherProcess(file)).toBe('locked');
    await held.release();
    expect(existsSync(file)).toBe(false);
    expect(await otherProcess(file)).toBe('held');
    await (await lock(file)).release();
  });

  it('left by a process that died is taken over', async () => {
    const file = folder.write('lock', `${deadPid()}\n`);
    const held = await lock(file);
    expect(readFileSync(file, 'utf8')).toBe(`${process.pid}\n`);
    await held.release();
    expect(readdirSync(folder.path())).toEqual([]);
  });

  it.each([
    ['empty', ''],
    ['not a number', 'abc\n'],
    ['a negative number', '-1\n'],
    ['not text', Buffer.from([0xff, 0xfe])],
  ])('file that is %s is nobody’s, after a while', async (_, contents) => {
    const held = await lock(folder.write('lock', contents));
    await held.release();
    expect(readdirSync(folder.path())).toEqual([]);
  });

  it('that somebody has just created is theirs even before they wrote their name into it', async () => {
    const file = folder.write('lock', '');
    setTimeout(() => folder.write('lock', `${process.ppid}\n`), 200);
    await expect(lock(file)).rejects.toMatchObject({ code: 'locked' });
  });

  it('one of several processes that take over a dead lock at once gets it', async () => {
    const file = folder.write('lock', `${deadPid()}\n`);
    const answers = await Promise.all(Array.from({ length: 4 }, () => otherProcess(file)));
    expect(answers.toSorted()).toEqual(['held', 'locked', 'locked', 'locked']);
  });

  it('waits for what the dead holder’s PKCS#11 process is still doing, and says so', async () => {
    const helper = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 400)', 'pkcs11-child']);
    const file = folder.write('lock', `${deadPid()}\n${helper.pid}\n`);
    let told = 0;
    const ended = new Promise((resolve) => helper.on('exit', resolve));
    const held = await lock(file, () => (told += 1));
    expect(told).toBe(1);
    expect(await ended).toBe(0);
    await held.release();
  });

  it('notes the processes that work for it', async () => {
    const held = await lock(folder.path('lock'));
    await held.note(4711);
    expect(readFileSync(folder.path('lock'), 'utf8')).toBe(`${process.pid}\n4711\n`);
    await held.release();
  });

  it('is not looked for behind a link', async () => {
    symlinkSync(folder.write('other', `${process.ppid}\n`), folder.path('lock'));
    const held = await lock(folder.path('lock'));
    await held.release();
    expect(readFileSync(folder.path('other'), 'utf8')).toBe(`${process.ppid}\n`);
  });
});
