import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { equalBytes } from '../ports/bytes.ts';
import { systemCode } from './system-code.ts';

/** Read at a time, from places that are multiples of it: what a device gives without a cache is in whole blocks. */
const pieceBytes = 1024 * 1024;

/** Memory that begins on a page, as such a read needs it: only a buffer that could grow is laid out so. */
function pageAligned(): Uint8Array {
  return new Uint8Array(new ArrayBuffer(pieceBytes, { maxByteLength: pieceBytes }));
}

async function sameAs(handle: FileHandle, bytes: Uint8Array): Promise<boolean> {
  const piece = pageAligned();
  for (let offset = 0; ; offset += pieceBytes) {
    const { bytesRead } = await handle.read(piece, 0, pieceBytes, offset);
    if (!equalBytes(piece.subarray(0, bytesRead), bytes.subarray(offset, offset + pieceBytes))) return false;
    if (bytesRead < pieceBytes) return offset + bytesRead === bytes.length;
  }
}

/**
 * Whether a file that was flushed holds these bytes, read from its device and not from what the system remembers of the
 * writing: that would say yes of a broken stick too. Where a file system cannot, it is read as any file.
 */
export async function heldByMedium(file: string, bytes: Uint8Array): Promise<boolean> {
  const plain = constants.O_RDONLY | constants.O_NOFOLLOW;
  for (const flags of [plain | (constants.O_DIRECT ?? 0), plain]) {
    try {
      const handle = await open(file, flags);
      try {
        return await sameAs(handle, bytes);
      } finally {
        await handle.close();
      }
    } catch (error) {
      if (flags === plain || systemCode(error) !== 'EINVAL') throw error;
    }
  }
  return false;
}
