import { utf8 } from '../../../core/ports/bytes.ts';

/** One header of an archive that may be wrong in any field. Numbers are octal as our writer writes them. */
export interface TarEntry {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly mtime: number;
  readonly type?: string;
  /** Where the header says something else of the size than what follows. */
  readonly size?: number;
  /** Changes the header before its checksum is made. */
  readonly change?: (header: Uint8Array) => void;
  /** Changes the header after that: the checksum may then be wrong. */
  readonly spoil?: (header: Uint8Array) => void;
  /** What the file is padded with. */
  readonly padding?: number;
}

function octal(value: number, length: number): Uint8Array {
  return utf8(`${value.toString(8).padStart(length - 1, '0')}\0`);
}

function setChecksum(header: Uint8Array): void {
  header.fill(0x20, 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.set(utf8(`${sum.toString(8).padStart(6, '0')}\0 `), 148);
}

function headerOf({ name, bytes, mtime, type = '0', size = bytes.length, change, spoil }: TarEntry): Uint8Array {
  const header = new Uint8Array(512);
  header.set(utf8(name).subarray(0, 100), 0);
  header.set(octal(0o644, 8), 100);
  header.set(octal(0, 8), 108);
  header.set(octal(0, 8), 116);
  header.set(octal(size, 12), 124);
  header.set(octal(mtime, 12), 136);
  header.set(utf8(type), 156);
  header.set(utf8('ustar\u000000'), 257);
  change?.(header);
  setChecksum(header);
  spoil?.(header);
  return header;
}

/** An archive of these entries; `end` is what stands behind them. */
export function tarOf(entries: readonly TarEntry[], end: Uint8Array = new Uint8Array(1024)): Uint8Array {
  const parts = entries.flatMap((entry) => {
    const padding = new Uint8Array((512 - (entry.bytes.length % 512)) % 512).fill(entry.padding ?? 0);
    return [headerOf(entry), entry.bytes, padding];
  });
  return Uint8Array.from(Buffer.concat([...parts, end]));
}
