import { constants } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { systemCode } from './system-code.ts';

/** What systems answer that cannot flush such a thing: there is nothing more to be done about it there. */
const cannot: ReadonlySet<string> = new Set(['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EPERM', 'EISDIR']);

/**
 * Flushes a file's bytes, or a folder's names: a file whose bytes are safe can still lose its name when the power fails.
 */
export async function flush(at: string): Promise<void> {
  try {
    const handle = await open(at, constants.O_RDONLY);
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!cannot.has(systemCode(error))) throw error;
  }
}

/** Makes a folder and those above it that are missing, so that they are still there when the power fails. */
export async function makeFolder(directory: string, mode?: number): Promise<void> {
  let made = path.resolve(directory);
  const first = await mkdir(made, { recursive: true, ...(mode === undefined ? {} : { mode }) });
  if (first === undefined) return;
  // Each new folder's name is in the one above it.
  while (made.length >= first.length) {
    made = path.dirname(made);
    await flush(made);
  }
}
