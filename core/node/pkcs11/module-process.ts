import { fork, type ChildProcess } from 'node:child_process';
import { CodedError } from '../../ports/coded-error.ts';
import { tokenError } from './errors.ts';
import type { Report } from './observe.ts';
import { answerEnvelope, operations, type Operation, type RequestOf, type ResultOf } from './protocol.ts';
import { Schedule } from './schedule.ts';
import { forwardLines } from './forward-lines.ts';

/** How long the library may take to answer, in milliseconds, before its process is killed. */
export interface Deadlines {
  readonly sign: number;
  readonly generate: number;
  readonly login: number;
  readonly other: number;
}

const deadlineOf: Readonly<Partial<Record<Operation, keyof Deadlines>>> = {
  sign: 'sign',
  generateKey: 'generate',
  generateWrappingKey: 'generate',
  login: 'login',
  initToken: 'generate',
  initPin: 'login',
};

/** Requests after whose loss nobody knows what is on the token. */
const changing: ReadonlySet<Operation> = new Set(['generateKey', 'generateWrappingKey', 'unwrapKey', 'destroyKey']);

/** A PKCS#11 library: its file, and the variables it reads (such as SOFTHSM2_CONF). */
export interface TokenModule {
  readonly path: string;
  readonly environment?: Readonly<Record<string, string>>;
}

export interface ProcessSettings {
  readonly childEntry: string;
  /** The Node that runs it, where that is not the one that runs us. */
  readonly execPath: string | undefined;
  readonly deadlines: Deadlines;
  readonly log: ((line: string) => void) | undefined;
  readonly onCall: Report | undefined;
  readonly onProcess: ((pid: number) => void) | undefined;
}

interface Pending {
  readonly kind: Operation;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: CodedError) => void;
  readonly timer: NodeJS.Timeout;
}

/** Variables that every child gets, where the parent has them; nothing else of the parent's environment passes on. */
const inherited = ['PATH', 'HOME', 'LANG', 'SystemRoot'];

function minimalEnvironment(): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = { TZ: 'UTC', UV_THREADPOOL_SIZE: '8' };
  for (const name of inherited) {
    const value = process.env[name];
    if (value !== undefined) environment[name] = value;
  }
  return environment;
}

/**
 * One life of a child process with one PKCS#11 library in it. Once it has died, hung or been stopped, every request
 * rejects with what happened; whoever needs the library again makes a new one.
 */
export class ModuleProcess {
  readonly name: string;
  readonly #settings: ProcessSettings;
  readonly #child: ChildProcess;
  readonly #schedule = new Schedule();
  readonly #pending = new Map<number, Pending>();
  readonly #exited: Promise<void>;
  #lastId = 0;
  #dead: CodedError | undefined;

  constructor(name: string, { path, environment = {} }: TokenModule, settings: ProcessSettings) {
    this.name = name;
    this.#settings = settings;
    this.#child = fork(settings.childEntry, [], {
      serialization: 'advanced',
      env: minimalEnvironment(),
      execArgv: [],
      ...(settings.execPath === undefined ? {} : { execPath: settings.execPath }),
      stdio: ['ignore', 'ignore', settings.log === undefined ? 'ignore' : 'pipe', 'ipc'],
    });
    if (this.#child.pid !== undefined) settings.onProcess?.(this.#child.pid);
    this.#exited = this.#watch();
    const report = settings.onCall !== undefined;
    this.request('start', { path, environment: { ...environment }, report }).catch((error: unknown) => {
      this.#die(error instanceof CodedError ? error : this.#died('it could not be started'));
    });
  }

  get alive(): boolean {
    return this.#dead === undefined;
  }

  /** Sends a request when its turn has come and waits for the answer. */
  request<K extends Operation>(kind: K, body: RequestOf<K>): Promise<ResultOf<K>> {
    return this.#schedule.run(kind === 'sign' ? 'shared' : 'exclusive', async () => {
      const value = await this.#exchange(kind, body);
      const result = operations[kind].result.safeParse(value);
      if (result.success) return result.data as ResultOf<K>;
      throw this.#die(this.#malformed());
    });
  }

  /** Ends the library in good order where it lets us, and its process in any case. */
  async stop(): Promise<void> {
    if (this.alive) await this.request('stop', {}).catch(() => undefined);
    this.#die(tokenError('token-closed', 'The connection to the tokens was closed.', 'Open the token again.'));
    await this.#exited;
  }

  #exchange(kind: Operation, body: object): Promise<unknown> {
    if (this.#dead !== undefined) return Promise.reject(this.#dead);
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      const milliseconds = this.#settings.deadlines[deadlineOf[kind] ?? 'other'];
      const timer = setTimeout(() => this.#die(this.#hung(kind, milliseconds)), milliseconds);
      this.#pending.set(id, { kind, resolve, reject, timer });
      this.#child.send({ id, kind, body }, (error) => {
        if (error !== null) this.#die(this.#died('it could not be reached'));
      });
    });
  }

  #receive(message: unknown): void {
    const parsed = answerEnvelope.safeParse(message);
    if (!parsed.success) {
      this.#die(this.#malformed());
      return;
    }
    const answer = parsed.data;
    if ('call' in answer) {
      this.#settings.onCall?.(answer.call);
      return;
    }
    const pending = this.#pending.get(answer.id);
    if (pending === undefined) return;
    this.#pending.delete(answer.id);
    clearTimeout(pending.timer);
    if ('error' in answer) pending.reject(new CodedError(answer.error));
    else pending.resolve(answer.value);
  }

  /** Wires up the child; resolves when it is gone. */
  #watch(): Promise<void> {
    const child = this.#child;
    const killWithUs = () => child.kill('SIGKILL');
    process.once('exit', killWithUs);
    child.on('message', (message) => this.#receive(message));
    if (child.stderr !== null && this.#settings.log !== undefined) {
      forwardLines(child.stderr, (line) => this.#settings.log?.(`${this.name}: ${line}`));
    }
    return new Promise((resolve) => {
      const gone = (how: string) => {
        process.off('exit', killWithUs);
        this.#die(this.#died(how));
        resolve();
      };
      child.on('error', () => {
        // A child that was never started has no exit to wait for.
        if (child.pid === undefined) gone('it could not be started');
      });
      child.on('exit', (code, signal) => {
        const how = signal === null ? `it exited with status ${code}` : `it was ended by ${signal}`;
        // Answers sent before the end may still be on their way; the channel closes behind the last of them.
        if (child.connected) child.once('disconnect', () => gone(how));
        else gone(how);
      });
    });
  }

  /** Marks this process as dead, ends it and everything that waits for it. Returns what it died of first. */
  #die(error: CodedError): CodedError {
    if (this.#dead !== undefined) return this.#dead;
    this.#dead = error;
    this.#child.kill('SIGKILL');
    for (const { reject, timer } of this.#pending.values()) {
      clearTimeout(timer);
      reject(error);
    }
    this.#pending.clear();
    return error;
  }

  #hung(kind: Operation, milliseconds: number): CodedError {
    return tokenError(
      'token-hung',
      `The PKCS#11 library "${this.name}" did not answer within ${milliseconds / 1000} s (${kind}) and was stopped.`,
      `Check the token and its connection, then open it again.${this.#caution(kind)}`,
    );
  }

  #died(how: string): CodedError {
    const kinds = [...this.#pending.values()].map(({ kind }) => kind);
    const during = kinds.length === 0 ? '' : ` during ${[...new Set(kinds)].join(', ')}`;
    return tokenError(
      'token-process-died',
      `The process of the PKCS#11 library "${this.name}" died${during}: ${how}.`,
      `Open the token again. If it happens twice, stop and ask the vendor.${kinds.map((kind) => this.#caution(kind)).join('')}`,
    );
  }

  #malformed(): CodedError {
    return tokenError(
      'token-protocol',
      `The process of the PKCS#11 library "${this.name}" sent something that is no answer.`,
      'Stop and report it: program and child process may be of different versions.',
    );
  }

  /** What happened to a key that was being made or destroyed is known only to the token. */
  #caution(kind: Operation): string {
    if (kind === 'initToken') return ' Look which tokens there are first: it may or may not have been initialised.';
    return changing.has(kind) ? ' Look at the inventory first: the key may or may not be there.' : '';
  }
}
