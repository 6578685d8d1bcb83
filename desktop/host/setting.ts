import type { CeremonyPorts } from '../../core/ceremony/ports.ts';
import type { TokenModule } from '../../core/node/pkcs11/connect.ts';
import type { TokenProvider } from '../../core/ports/token.ts';
import type { TokenInitializer } from '../../core/ports/token-initializer.ts';
import type { MediaSource } from './media/media-source.ts';

/** What a shell builds and the host gets. */
export interface HostSetting {
  readonly shell: 'electron' | 'browser';
  /** Everything a ceremony needs but its tokens. */
  readonly ports: Omit<CeremonyPorts, 'tokens'>;
  readonly connectTokens: (
    modules: Readonly<Record<string, TokenModule>>,
    onProcess?: (pid: number) => void,
  ) => TokenProvider & TokenInitializer & { close(): Promise<void> };
  /** Folders with plans and bindings. Nothing outside them is ever listed. */
  readonly plans: readonly string[];
  /** Folder in which every ceremony has its own. */
  readonly work: string;
  readonly media: MediaSource;
  /** Network requests refused so far; null where the shell cannot count them. */
  readonly networkDenied: () => number | null;
}
