import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { equalBytes } from '../ports/bytes.ts';
import { CodedError, isCoded } from '../ports/coded-error.ts';
import type { Media } from '../ports/media.ts';
import { atomicCreate } from './atomic-write.ts';
import { flush, makeFolder } from './flush.ts';
import { heldByMedium } from './read-medium.ts';
import { systemCode } from './system-code.ts';
import { removeLeftovers } from './temporary.ts';

function readError(file: string, error: unknown): CodedError {
  const code = systemCode(error);
  if (code === 'ENOENT') {
    const remedy = 'Check the path, and that the medium is in.';
    return new CodedError({ code: 'media-missing', message: `There is no file ${file}.`, remedy, where: { file } });
  }
  if (code === 'ELOOP' || code === 'EISDIR') return notAFile(file);
  const message = `The file ${file} cannot be read (${code}).`;
  return new CodedError({ code: 'media-unreadable', message, remedy: 'Check its permissions.', where: { file } });
}

function notAFile(file: string): CodedError {
  const message = `${file} is a link, a folder or a device.`;
  return new CodedError({ code: 'media-not-a-file', message, remedy: 'Give a plain file.', where: { file } });
}

async function read(file: string, maximumBytes: number): Promise<Uint8Array> {
  try {
    const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const facts = await handle.stat();
      if (!facts.isFile()) throw notAFile(file);
      if (facts.size > maximumBytes) {
        const message = `The file ${file} is larger than ${maximumBytes} bytes.`;
        const remedy = 'Check that it is the right file.';
        throw new CodedError({ code: 'media-too-large', message, remedy, where: { file } });
      }
      const bytes = new Uint8Array(facts.size);
      let offset = 0;
      while (offset < bytes.length) {
        const { bytesRead } = await handle.read(bytes, offset, bytes.length - offset, offset);
        if (bytesRead === 0) break;
        offset += bytesRead;
      }
      return bytes.subarray(0, offset);
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (isCoded(error)) throw error;
    throw readError(file, error);
  }
}

/** Whether the very file is there already, which is as good as written: a run that was interrupted writes it again. */
async function isThere(file: string, bytes: Uint8Array): Promise<boolean> {
  const there = await read(file, bytes.length).catch((error: unknown) => {
    if (isCoded(error, 'media-missing')) return undefined;
    throw isCoded(error, 'media-too-large') ? exists(file) : error;
  });
  if (there === undefined) return false;
  if (equalBytes(there, bytes)) return true;
  throw exists(file);
}

function exists(file: string): CodedError {
  const message = `There is another file ${file} already.`;
  const remedy = 'Choose an empty output folder, or move the file away.';
  return new CodedError({ code: 'media-exists', message, remedy, where: { file } });
}

function writeError(file: string, error: unknown): CodedError {
  const message = `The file ${file} cannot be written (${systemCode(error)}).`;
  const remedy = 'Check free space, permissions and the medium; nothing has been left half written.';
  return new CodedError({ code: 'media-write', message, remedy, where: { file } }, { cause: error });
}

/** Refuses a medium that does not give back what it was given in `at`, for the file that is to be. */
async function requireHeld(at: string, bytes: Uint8Array, file: string): Promise<void> {
  if (await heldByMedium(at, bytes)) return;
  const message = `What was read back from ${file} is not what was written.`;
  throw new CodedError({
    code: 'media-differs',
    message,
    remedy: 'The medium is bad: use another one.',
    where: { file },
  });
}

/** The one that wrote it may have been killed before it was safe, and its own file beside it may be left. */
async function settle(file: string, bytes: Uint8Array): Promise<void> {
  await removeLeftovers(file);
  await flush(file);
  await requireHeld(file, bytes, file);
  await flush(path.dirname(file));
}

async function write(file: string, bytes: Uint8Array): Promise<void> {
  const there = await isThere(file, bytes);
  try {
    if (there) return await settle(file, bytes);
    await makeFolder(path.dirname(file));
    const made = await atomicCreate(file, bytes, 0o644, (written) => requireHeld(written, bytes, file));
    // Another program has made one meanwhile.
    if (!made && !(await isThere(file, bytes))) throw exists(file);
  } catch (error) {
    throw isCoded(error) ? error : writeError(file, error);
  }
}

/** The file system, as the media port wants it. */
export const fileMedia: Media = { read, write };
