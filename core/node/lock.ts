import { constants } from 'node:fs';
import { open, readFile, unlink } from 'node:fs/promises';
import { CodedError } from '../ports/coded-error.ts';

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

async function create(file: string): Promise<boolean> {
  try {
    const handle = await open(file, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
    await handle.writeFile(`${process.pid}\n`);
    await handle.close();
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Takes a lock file for this process, or `locked` when another living process has it. The function returned lets go. */
export async function lock(file: string): Promise<() => Promise<void>> {
  // Twice: a lock left by a killed process is removed once; if it is there again, somebody else was quicker.
  for (let attempt = 0; attempt < 2; attempt += 1) {
    if (await create(file)) return () => unlink(file).catch(() => undefined);
    const pid = Number.parseInt(await readFile(file, 'utf8').catch(() => ''), 10);
    if (Number.isInteger(pid) && pid !== process.pid && alive(pid)) break;
    await unlink(file).catch(() => undefined);
  }
  throw new CodedError({
    code: 'locked',
    message: 'Another program is holding this ceremony right now.',
    remedy: 'Close it there first. If there is none, remove the lock file.',
    where: { file },
  });
}
