/**
 * Reads and writes the few files a ceremony may touch. Reads are bounded and refuse links; writes are all or nothing
 * (temporary file, fsync, rename, fsync of the folder) and refuse to overwrite.
 */
export interface Media {
  /** The whole file, or a coded error (`media-missing`, `media-too-large`, `media-not-a-file`). */
  read(path: string, maximumBytes: number): Promise<Uint8Array>;
  /** Creates the file; `media-exists` when there is already one with other bytes. */
  write(path: string, bytes: Uint8Array): Promise<void>;
}
