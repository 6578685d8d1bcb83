import type { Clock } from '../ports/clock.ts';
import type { Digest } from '../ports/digest.ts';
import type { Entropy } from '../ports/entropy.ts';
import type { Media } from '../ports/media.ts';
import type { RoomInspector } from '../ports/room.ts';
import type { SecondOpinions } from '../ports/second-opinion.ts';
import type { SecretSharing } from '../ports/secret-sharing.ts';
import type { ThrowawayKeys } from '../ports/throwaway.ts';
import type { TokenProvider } from '../ports/token.ts';
import type { TokenInitializer } from '../ports/token-initializer.ts';
import type { Verifier } from '../ports/verifier.ts';

/** Everything a ceremony reaches outside itself. */
export interface CeremonyPorts {
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly digest: Digest;
  readonly verify: Verifier;
  readonly media: Media;
  readonly room: RoomInspector;
  readonly opinions: SecondOpinions;
  readonly sharing: SecretSharing;
  readonly throwaway: ThrowawayKeys;
  readonly tokens: TokenProvider & TokenInitializer;
  /** This program's version. */
  readonly version: string;
}

/** The binding with its relative paths resolved: where this machine keeps what the plan names. */
export interface Setting {
  /** Token URIs by the plan's names. */
  readonly tokens: Readonly<Record<string, string>>;
  /** Absolute paths by the plan's names. */
  readonly files: Readonly<Record<string, string>>;
  /** Absolute path of the output folder. */
  readonly output: string;
  readonly previous?: { readonly bundle: string; readonly root: string };
  /** Where the plan demands it: the bundle of its rehearsal. */
  readonly rehearsal?: { readonly bundle: string; readonly root: string };
  /** SHA-256 of the binding file. */
  readonly bindingHash: string;
  /** SHA-256 of all that the binding means on this machine, PKCS#11 modules included. */
  readonly boundHash: string;
}
