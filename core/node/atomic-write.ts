import { link, lstat, rename, unlink } from 'node:fs/promises';
import path from 'node:path';
import { flush } from './flush.ts';
import { systemCode } from './system-code.ts';
import { removeLeftovers, writeBeside } from './temporary.ts';

/**
 * Replaces a file so that, whatever happens, either the old bytes or the new are there whole: temporary file beside it,
 * fsync, rename, fsync of the folder. A write that fails leaves nothing behind.
 */
export async function atomicWrite(file: string, bytes: Uint8Array, mode = 0o600): Promise<void> {
  await removeLeftovers(file);
  const written = await writeBeside(file, bytes, mode);
  try {
    await rename(written, file);
  } catch (error) {
    await unlink(written).catch(() => undefined);
    throw error;
  }
  await flush(path.dirname(file));
}

/** Gives what was written its name; false when something has that name already. */
async function nameNew(written: string, file: string): Promise<boolean> {
  try {
    await link(written, file);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
  }
  // A FAT medium has no links. Looking first is all that can be done there: between that and the renaming another
  // program could still make the file.
  const free = await lstat(file).then(
    () => false,
    (error: unknown) => systemCode(error) === 'ENOENT',
  );
  if (free) await rename(written, file);
  return free;
}

/**
 * Makes a file that is there whole or not at all, and never in place of another: false when there is one already. `check`
 * looks at what was written, under the name it has until then, and throws when it is not fit to be given out.
 */
export async function atomicCreate(
  file: string,
  bytes: Uint8Array,
  mode: number,
  check: (written: string) => Promise<void> = () => Promise.resolve(),
): Promise<boolean> {
  await removeLeftovers(file);
  const written = await writeBeside(file, bytes, mode);
  let made: boolean;
  try {
    await check(written);
    made = await nameNew(written, file);
  } finally {
    await unlink(written).catch(() => undefined);
  }
  await flush(path.dirname(file));
  return made;
}
