/** What a look around the machine finds, before a ceremony trusts it. */
export interface RoomReport {
  /** Network interfaces, other than loopback, that are up or have an address. */
  readonly networkInterfaces: readonly string[];
  /** Operating system, runtime and their versions, for the transcript. */
  readonly platform: string;
  /** This program's version. */
  readonly version: string;
  /** SHA-256 over the program's own files, lower-case hex. */
  readonly softwareHash: string;
}

/** Looks around the machine. */
export type RoomInspector = () => Promise<RoomReport>;
