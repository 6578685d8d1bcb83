import { constants } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { equalBytes } from '../ports/bytes.ts';
import { CodedError, isCoded } from '../ports/coded-error.ts';
import type { Media } from '../ports/media.ts';
import { atomicWrite } from './atomic-write.ts';

function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
}

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

async function write(file: string, bytes: Uint8Array): Promise<void> {
  const there = await read(file, bytes.length).catch((error: unknown) => {
    if (isCoded(error, 'media-missing')) return undefined;
    if (isCoded(error, 'media-too-large')) return new Uint8Array();
    throw error;
  });
  if (there !== undefined) {
    // The same bytes again, after an interruption: nothing to do and nothing lost.
    if (equalBytes(there, bytes)) return;
    const message = `There is another file ${file} already.`;
    const remedy = 'Choose an empty output folder, or move the file away.';
    throw new CodedError({ code: 'media-exists', message, remedy, where: { file } });
  }
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await atomicWrite(file, bytes, 0o644);
  } catch (error) {
    const message = `The file ${file} cannot be written (${systemCode(error)}).`;
    const remedy = 'Check free space, permissions and the medium; nothing has been left half written.';
    throw new CodedError({ code: 'media-write', message, remedy, where: { file } }, { cause: error });
  }
}

/** The file system, as the media port wants it. */
export const fileMedia: Media = { read, write };
