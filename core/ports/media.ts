/**
 * Reads and writes the few files a ceremony may touch. Reads are bounded and refuse links; writes are all or nothing
 * (temporary file, fsync, read back from the device, its name given last, fsync of the folder) and never overwrite.
 */
export interface Media {
  /** The whole file, or a coded error (`media-missing`, `media-too-large`, `media-not-a-file`). */
  read(path: string, maximumBytes: number): Promise<Uint8Array>;
  /**
   * Creates the file; `media-exists` when there is already one with other bytes, `media-differs` when the medium does not
   * give back what it was given.
   */
  write(path: string, bytes: Uint8Array): Promise<void>;
}
