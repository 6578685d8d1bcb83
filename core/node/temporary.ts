import { constants } from 'node:fs';
import { open, readdir, unlink, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { answers } from './process-mark.ts';
import { systemCode } from './system-code.ts';

/** Names tried at most: those of a process that had our pid and was killed are still there. */
const most = 1000;

let last = 0;

/**
 * A new file beside another, of a name that no other process writes to: were it shared, one could give its name to what
 * another has only half written.
 */
async function openBeside(file: string, mode: number): Promise<{ readonly handle: FileHandle; readonly name: string }> {
  for (let attempt = 1; ; attempt += 1) {
    last += 1;
    const name = path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}-${last}.new`);
    try {
      return { handle: await open(name, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, mode), name };
    } catch (error) {
      if (systemCode(error) !== 'EEXIST' || attempt === most) throw error;
    }
  }
}

/** Writes bytes to a file beside another and flushes them; its name. One that fails leaves nothing. */
export async function writeBeside(file: string, bytes: Uint8Array, mode: number): Promise<string> {
  const { handle, name } = await openBeside(file, mode);
  try {
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    await unlink(name).catch(() => undefined);
    throw error;
  }
  return name;
}

/** Removes what processes left beside a file that were killed while they wrote it: it was never given the file's name. */
export async function removeLeftovers(file: string): Promise<void> {
  const start = `.${path.basename(file)}.`;
  const directory = path.dirname(file);
  for (const name of await readdir(directory).catch(() => [])) {
    if (!name.startsWith(start)) continue;
    const [, pid] = /^([1-9]\d{0,9})-\d+\.new$/u.exec(name.slice(start.length)) ?? [];
    if (pid !== undefined && !answers(Number(pid))) await unlink(path.join(directory, name)).catch(() => undefined);
  }
}
