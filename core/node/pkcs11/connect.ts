import { fileURLToPath } from 'node:url';
import { isBlankName, parseBlankName } from '../../ports/blank-token.ts';
import { parseTokenName } from '../../ports/pkcs11-uri.ts';
import type { NotedCall, Token, TokenInfo, TokenProvider } from '../../ports/token.ts';
import type { TokenInitializer } from '../../ports/token-initializer.ts';
import { exactlyOne, exactlyOneBlank } from './choose-token.ts';
import { tokenError } from './errors.ts';
import { ModuleProcess, type Deadlines, type ProcessSettings, type TokenModule } from './module-process.ts';
import type { TokenCall } from './observe.ts';
import { environmentSchema } from './protocol.ts';
import { RemoteToken } from './remote-token.ts';

export type { Deadlines, TokenCall, TokenModule };

export interface ConnectOptions {
  /** The child's entry, where it is neither beside this file nor beside the bundle this file is part of. */
  readonly childEntry?: string;
  /** The Node that runs the children, where this program is run by something else: Electron. */
  readonly execPath?: string;
  readonly deadlines?: Partial<Deadlines>;
  /** Gets what the libraries write to standard error, line by line. */
  readonly log?: (line: string) => void;
  /** Gets every PKCS#11 call with its return value, for a transcript. It costs a message per call. */
  readonly onCall?: (call: TokenCall) => void;
  /** Notes every call, for `takeCalls`: what a ceremony's journal tells of the token. */
  readonly noteCalls?: boolean;
  /** Gets the process id of every child as it starts: one that works when we are killed outlives us for a while. */
  readonly onProcess?: (pid: number) => void;
}

/** Fifteen minutes because an RSA-4096 key on a smart card takes that long; five because people type PINs. */
const defaultDeadlines: Deadlines = { sign: 30_000, generate: 900_000, login: 300_000, other: 30_000 };

function defaultChildEntry(): string {
  const bundled = !import.meta.url.endsWith('.ts');
  return fileURLToPath(new URL(bundled ? './pkcs11-child.js' : './child.ts', import.meta.url));
}

/** More calls than any act makes between two records. */
const maximumNoted = 100_000;

interface Placed {
  readonly info: TokenInfo;
  readonly place: string;
  readonly process: ModuleProcess;
}

/** The tokens of several PKCS#11 libraries, each library in a process of its own. */
class ConnectedTokens implements TokenProvider, TokenInitializer {
  readonly #modules: ReadonlyMap<string, TokenModule>;
  readonly #settings: ProcessSettings;
  readonly #processes = new Map<string, ModuleProcess>();
  readonly #noted: NotedCall[] = [];
  #closed = false;

  constructor(modules: ReadonlyMap<string, TokenModule>, settings: ProcessSettings, noteCalls: boolean) {
    this.#modules = modules;
    const { onCall } = settings;
    const note = (call: TokenCall): void => {
      const { function: name, result, token } = call;
      if (this.#noted.length < maximumNoted) {
        this.#noted.push({ function: name, result, ...(token === undefined ? {} : { token }) });
      }
      onCall?.(call);
    };
    this.#settings = noteCalls ? { ...settings, onCall: note } : settings;
  }

  #process(name: string, module: TokenModule): ModuleProcess {
    const running = this.#processes.get(name);
    if (running?.alive === true) return running;
    const started = new ModuleProcess(name, module, this.#settings);
    this.#processes.set(name, started);
    return started;
  }

  /** All tokens with their processes. One library that fails fails it all: a token in it could be the second match. */
  async #present(which: 'list' | 'blanks' = 'list'): Promise<Placed[]> {
    if (this.#closed) {
      throw tokenError('token-closed', 'The connection to the tokens was closed.', 'Connect again.');
    }
    const all = await Promise.all(
      [...this.#modules].map(async ([name, module]) => {
        const process = this.#process(name, module);
        const infos = await process.request(which, {});
        return infos.map((info) => ({ info, place: `library "${name}"`, process }));
      }),
    );
    return all.flat();
  }

  async list(): Promise<readonly TokenInfo[]> {
    return (await this.#present()).map(({ info }) => info);
  }

  async open(uri: string): Promise<Token> {
    const name = parseTokenName(uri);
    const { process } = exactlyOne(name, await this.#present());
    const { token } = await process.request('open', { name: uri });
    return new RemoteToken(process, token);
  }

  async blanks(): Promise<readonly TokenInfo[]> {
    return (await this.#present('blanks')).map(({ info }) => info);
  }

  async initialize(name: string, soPin: string, label: string): Promise<void> {
    const { process } = isBlankName(name)
      ? exactlyOneBlank(parseBlankName(name), await this.#present('blanks'))
      : exactlyOne(parseTokenName(name), await this.#present());
    await process.request('initToken', { name, soPin, label });
  }

  async setUserPin(uri: string, soPin: string, pin: string): Promise<void> {
    const { process } = exactlyOne(parseTokenName(uri), await this.#present());
    await process.request('initPin', { name: uri, soPin, pin });
  }

  takeCalls(): readonly NotedCall[] {
    return this.#noted.splice(0);
  }

  async restart(): Promise<void> {
    const old = [...this.#processes.values()];
    this.#processes.clear();
    await Promise.all(old.map((process) => process.stop()));
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#processes.values()].map((process) => process.stop()));
  }
}

/**
 * Connects to tokens through these PKCS#11 libraries, named as messages shall name them. Nothing is started before the
 * first `list` or `open`; `close` ends the child processes and must be called for the program to end.
 */
export function connectTokens(
  modules: Readonly<Record<string, TokenModule>>,
  options: ConnectOptions = {},
): TokenProvider & TokenInitializer & { close(): Promise<void> } {
  for (const [name, { environment = {} }] of Object.entries(modules)) {
    if (environmentSchema.safeParse(environment).success) continue;
    throw tokenError(
      'token-module-environment',
      `The environment of PKCS#11 library "${name}" holds a name that cannot be set for a library.`,
      'List only variables that the library itself reads; LD_…, DYLD_…, NODE_… and UV_… have no effect there.',
    );
  }
  return new ConnectedTokens(
    new Map(Object.entries(modules)),
    {
      childEntry: options.childEntry ?? defaultChildEntry(),
      execPath: options.execPath,
      deadlines: { ...defaultDeadlines, ...options.deadlines },
      log: options.log,
      onCall: options.onCall,
      onProcess: options.onProcess,
    },
    options.noteCalls === true,
  );
}
