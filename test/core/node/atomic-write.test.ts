import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { atomicWrite } from '../../../core/node/atomic-write.ts';
import { utf8 } from '../../../core/ports/bytes.ts';
import { testFolder } from '../../support/folder.ts';
import { projectRoot } from '../../support/rehearsal-room.ts';

const folder = testFolder();
const hook = path.join(projectRoot, 'test/faults/ceremony/kill-hook.mjs');
const module = path.join(projectRoot, 'core/node/atomic-write.ts');

/** Writes `new` over a file in another process that is killed at a point; the signal it ended with. */
function killedWriting(file: string, point: 'before-rename' | 'after-rename'): string | null {
  const script = `import { atomicWrite } from ${JSON.stringify(module)}; await atomicWrite(process.argv[1], Buffer.from('new'));`;
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
