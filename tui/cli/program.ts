import type { Forecast } from '../../core/ceremony/dry-run.ts';
import type { Ceremony } from '../../core/ceremony/run.ts';
import type { CeremonyPorts } from '../../core/ceremony/ports.ts';
import type { SessionScript } from '../../core/ceremony/session.ts';
import type { TokenProvider } from '../../core/ports/token.ts';
import type { TokenInitializer } from '../../core/ports/token-initializer.ts';
import type { TokenModule } from '../../core/node/pkcs11/connect.ts';

/** Text out. Commands never reach the terminal in another way. */
export interface Output {
  /** A line of the command's result. */
  line(text: string): void;
  /** A line about the run: progress, warnings, errors. */
  note(text: string): void;
  readonly isTerminal: boolean;
}

/** Tokens of some PKCS#11 modules, each in a process of its own, until closed. `onProcess` gets every such process. */
export type ConnectTokens = (
  modules: Readonly<Record<string, TokenModule>>,
  onProcess?: (pid: number) => void,
) => TokenProvider & TokenInitializer & { close(): Promise<void> };

/** What main.tsx builds and every command gets. */
export interface Program {
  readonly version: string;
  readonly output: Output;
  /** Everything a ceremony needs but its tokens. */
  readonly ports: Omit<CeremonyPorts, 'tokens'>;
  readonly connectTokens: ConnectTokens;
  /** Whether a person sits at a terminal: input and output are both one. */
  readonly interactive: boolean;
  /** The screen for people; absent where there is no terminal. */
  readonly screen: Screen;
  /** The window: Electron's, or a page of a browser on this machine. */
  readonly window: OpenWindow;
}

/** What a window is opened with: absolute paths. */
export interface WindowOptions {
  readonly shell: 'any' | 'browser';
  readonly plans: readonly string[];
  readonly work: string;
  readonly port: number;
  /** A folder that stands for removable media. */
  readonly media?: string;
}

/** Opens a window and holds it until people end it. */
export type OpenWindow = (options: WindowOptions) => Promise<void>;

/** Holds a ceremony with people, or plays one for them to watch. */
export type Screen = (showing: Showing) => Promise<number>;

/** Where a ceremony keeps its files on this machine: absolute paths, for people to find them. */
export interface Places {
  readonly journal: string;
  readonly output: string;
}

/** What a screen is given. */
export interface Showing {
  readonly ceremony: Ceremony;
  readonly forecast: readonly Forecast[];
  /** Said at the end. */
  readonly places?: Places;
  /** Answers to play instead of asking; the screen shows each as if it were typed. */
  readonly script?: SessionScript;
}
