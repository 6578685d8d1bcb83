import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';

/** A client that is a server: it runs until it is stopped, and gets certificates when it pleases. */
export class Daemon {
  readonly #child: ChildProcess;
  readonly #closed: Promise<unknown>;
  #ended = false;
  /** All that it wrote. */
  output = '';

  constructor(
    program: string,
    argv: readonly string[],
    options: { env?: Readonly<Record<string, string>>; uid?: number; gid?: number } = {},
  ) {
    const env = { ...process.env, ...options.env };
    this.#child = spawn(program, argv, { ...options, env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    this.#closed = new Promise((resolve) => {
      const end = (reason: unknown): void => {
        this.#ended = true;
        resolve(reason);
      };
      this.#child.on('error', end);
      this.#child.on('close', end);
    });
  }

  /** Waits until something is so; fails with what the client wrote when it ends, or has long had the time. */
  async until(what: string, isSo: () => boolean): Promise<void> {
    for (let attempt = 0; attempt < 1000 && !this.#ended; attempt += 1) {
      if (isSo()) return;
      await pause(100);
    }
    throw new Error(`${what}: not so; the client wrote:\n${this.output}`);
  }

  async stop(): Promise<void> {
    this.#child.kill('SIGTERM');
    await this.#closed;
  }
}
