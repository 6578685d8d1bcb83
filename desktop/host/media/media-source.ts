/** A place a ceremony's files may be copied to. */
export interface MediaTarget {
  /** What it is known by on this machine: `/dev/sdb1`, or the folder that stands for one. */
  readonly device: string;
  readonly label: string;
  readonly folder: string;
  readonly freeBytes: number;
  readonly totalBytes: number;
  readonly standIn: boolean;
}

export interface MediaFound {
  readonly targets: readonly MediaTarget[];
  /** Removable, but nothing can be written to it now. */
  readonly unmounted: readonly { readonly device: string; readonly label: string }[];
}

/** Finds removable media, and lets go of them. */
export interface MediaSource {
  readonly standIn: boolean;
  find(): Promise<MediaFound>;
  /** Everything is on the medium and it may be taken out, or a coded error. */
  eject(target: MediaTarget): Promise<void>;
}
