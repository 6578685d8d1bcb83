import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { addLockNote, readLockNotes } from '../../../core/node/lock-notes.ts';
import { lock } from '../../../core/node/lock.ts';
import { markOf } from '../../../core/node/process-mark.ts';
import { Contender } from '../../support/contender.ts';
import { testFolder } from '../../support/folder.ts';
import { projectRoot } from '../../support/programs.ts';

const folder = testFolder();

/** A mark of nobody: of a process that has just ended. */
function deadMark(): ReturnType<typeof markOf> {
  return { ...markOf(process.pid), pid: spawnSync('true').pid };
}

describe('a lock', () => {
  it('is refused to a second holder, in this process and in another, until it is let go', async () => {
    const file = folder.path('lock');
    const other = await Contender.start();
    const held = await lock(file);
    await expect(lock(file)).rejects.toMatchObject({ code: 'locked', where: { file } });
    await expect(lock(path.join(folder.path(), 'x/../lock'))).rejects.toMatchObject({ code: 'locked' });
    // The attempts refused in this process have not let go of what it holds.
    expect(await other.ask({ do: 'lock', file })).toBe('locked');
    await held.release();
    expect(await other.ask({ do: 'lock', file })).toBe('held');
    await expect(lock(file)).rejects.toMatchObject({ code: 'locked' });
    await other.kill();
    await (await lock(file)).release();
    expect(readdirSync(folder.path())).toEqual(['lock.held']);
  });

  it('is the same lock by whatever name its folder is reached', async () => {
    mkdirSync(folder.path('real'));
    symlinkSync(folder.path('real'), folder.path('link'));
    const held = await lock(folder.path('real/lock'));
    await expect(lock(folder.path('link/lock'))).rejects.toMatchObject({ code: 'locked' });
    await held.release();
  });

  it('is held until it is let go, even where nobody keeps it in memory', () => {
    const script = `import { lock } from ${JSON.stringify(path.join(projectRoot, 'core/node/lock.ts'))};
      await lock(process.argv[1]);
      for (let round = 0; round < 5; round += 1) { gc(); await new Promise(setImmediate); }
      await lock(process.argv[1]).catch(({ code }) => console.log(code));`;
    const { stdout } = spawnSync(
      process.execPath,
      ['--expose-gc', '--input-type=module', '-e', script, folder.path('lock')],
      { encoding: 'utf8' },
    );
    expect(stdout).toBe('locked\n');
  });

  it.each([
    ['empty', ''],
    ['not a number', 'abc\n'],
    ['of an older version', `${process.ppid}\n`],
    ['not text', Buffer.from([0xff, 0xfe])],
    ['of a holder that is dead', `holder ${spawnSync('true').pid} 1 - -\n`],
  ])('whose file is %s is nobody’s', async (_, contents) => {
    const held = await lock(folder.write('lock', contents));
    expect((await readLockNotes(folder.path('lock'))).holder).toEqual(markOf(process.pid));
    await held.release();
    expect(readdirSync(folder.path())).toEqual(['lock.held']);
  });

  it('is not looked for, nor noted, behind a link', async () => {
    symlinkSync(folder.write('other', 'kept'), folder.path('lock'));
    const held = await lock(folder.path('lock'));
    await held.release();
    expect(readFileSync(folder.path('other'), 'utf8')).toBe('kept');
    symlinkSync(folder.path('other'), folder.path('second.held'));
    await expect(lock(folder.path('second'))).rejects.toMatchObject({ code: 'lock-unusable' });
  });

  it('that cannot be taken for any other reason is an error, and nobody’s', async () => {
    mkdirSync(folder.path('folder'));
    for (const [file, broken] of [
      [folder.path('lock'), () => folder.write('lock.held', 'x'.repeat(200))],
      [folder.path('none/lock'), () => undefined],
      [folder.path('folder'), () => undefined],
    ] as const) {
      broken();
      await expect(lock(file)).rejects.toMatchObject({ code: 'lock-unusable' });
    }
    expect(readdirSync(folder.path('folder'))).toEqual([]);
  });
});

describe('who is refused a lock is told who has it', () => {
  it('another process, and how to end it', async () => {
    const file = folder.path('lock');
    const other = await Contender.start();
    await other.ask({ do: 'lock', file });
    await expect(lock(file)).rejects.toMatchObject({
      code: 'locked',
      message: expect.stringContaining(`process ${other.pid},`) as string,
      remedy: expect.stringContaining(`kill ${other.pid})`) as string,
    });
    await other.kill();
  });

  it('this process itself: nothing is to be killed', async () => {
    const file = folder.path('lock');
    const held = await lock(file);
    await expect(lock(file)).rejects.toMatchObject({
      message: expect.stringContaining('This program itself') as string,
      remedy: expect.not.stringContaining('kill') as string,
    });
    await held.release();
  });

  it.each([
    ['one in another container by no pid', { namespace: 'pid:[1]' }, 'A program in another container'],
    ['one that has not noted itself yet not by the pid of the one before', { start: '1' }, 'Another program is'],
  ])('%s', async (_, changed, words) => {
    const file = folder.path('lock');
    const held = await lock(file);
    addLockNote(file, 'holder', { ...markOf(process.ppid), ...changed });
    await expect(lock(file)).rejects.toMatchObject({
      code: 'locked',
      message: expect.stringContaining(words) as string,
      remedy: expect.not.stringContaining('kill') as string,
    });
    await held.release();
  });
});

describe('a lock that was held by a process that was killed', () => {
  it('waits for what its PKCS#11 process is still doing, and says so once', async () => {
    const helper = spawn('cat', { stdio: ['pipe', 'ignore', 'ignore'] });
    const ended = once(helper, 'exit');
    addLockNote(folder.path('lock'), 'helper', markOf(helper.pid ?? 0));
    let told = 0;
    const held = await lock(folder.path('lock'), () => {
      told += 1;
      helper.stdin.end();
    });
    expect(told).toBe(1);
    expect(await ended).toEqual([0, null]);
    await held.release();
  });

  it.each([
    ['has ended', () => deadMark()],
    ['has its pid from one that has ended', () => ({ ...markOf(process.pid), start: '1' })],
    ['was of an earlier run of the machine', () => ({ ...markOf(process.pid), boot: 'f'.repeat(36) })],
  ])('does not wait for a helper that %s', async (_, mark) => {
    addLockNote(folder.path('lock'), 'helper', mark());
    let told = 0;
    const held = await lock(folder.path('lock'), () => (told += 1));
    expect(told).toBe(0);
    await held.release();
  });

  it('is not taken over while a helper hangs: people are told which, and it stays noted', async () => {
    const file = folder.path('lock');
    addLockNote(file, 'helper', markOf(process.pid));
    for (let attempt = 0; attempt < 2; attempt += 1) {
      await expect(lock(file, () => undefined, 0)).rejects.toMatchObject({
        code: 'locked-by-helper',
        message: expect.stringContaining(`Process ${process.pid},`) as string,
        remedy: expect.stringContaining(`kill -9 ${process.pid}`) as string,
      });
    }
  });

  it('is taken over, after the longest wait, from a helper in another container: nobody can look there', async () => {
    addLockNote(folder.path('lock'), 'helper', { ...markOf(process.pid), namespace: 'pid:[1]' });
    let told = 0;
    const held = await lock(folder.path('lock'), () => (told += 1), 0);
    expect(told).toBe(1);
    await held.release();
  });
});

describe('the processes that work for a holder', () => {
  it('are noted, but for those that have ended already, and not after it has let go', async () => {
    const file = folder.path('lock');
    const held = await lock(file);
    held.note(process.ppid);
    held.note(deadMark().pid);
    expect((await readLockNotes(file)).helpers).toEqual([markOf(process.ppid)]);
    await held.release();
    held.note(process.ppid);
    expect(readdirSync(folder.path())).toEqual(['lock.held']);
  });
});
