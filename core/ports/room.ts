import type { Installation } from './installation.ts';

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
  /** How its files compare with the list they were installed with; `unlisted` where they were not installed with one. */
  readonly installation?: Installation | 'unlisted';
}

/** Looks around the machine. */
export type RoomInspector = () => Promise<RoomReport>;
