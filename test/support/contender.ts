import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Answer, Order } from './lock-contender.ts';
import { projectRoot } from './programs.ts';

const program = path.join(projectRoot, 'test/support/lock-contender.ts');

/** One process that competes for a lock. Every order has an answer; none is waited for by the clock. */
export class Contender {
  readonly #child: ChildProcess;
  readonly #answers: Answer[] = [];
  readonly #listeners: ((answer: Answer) => void)[] = [];

  private constructor(child: ChildProcess) {
    this.#child = child;
    const hear = (answer: Answer): void => {
      const listener = this.#listeners.shift();
      if (listener === undefined) this.#answers.push(answer);
      else listener(answer);
    };
    child.on('message', hear);
    child.on('exit', (_, signal) => hear(`ended by ${signal}`));
  }

  /** Starts one; `preload` is a module it loads first, `environment` what that module is told. */
  static async start(preload: readonly string[] = [], environment: NodeJS.ProcessEnv = {}): Promise<Contender> {
    const child = fork(program, [], {
      execArgv: preload.flatMap((module) => ['--import', module]),
      env: { ...process.env, ...environment },
    });
    const contender = new Contender(child);
    const first = await contender.next();
    if (first !== 'ready') throw new Error(`the contender did not start: ${first}`);
    return contender;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** What it says next. */
  next(): Promise<Answer> {
    const answer = this.#answers.shift();
    return answer === undefined ? new Promise((resolve) => this.#listeners.push(resolve)) : Promise.resolve(answer);
  }

  tell(order: Order): void {
    this.#child.send(order);
  }

  ask(order: Order): Promise<Answer> {
    this.tell(order);
    return this.next();
  }

  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }
}

/** Several of them, ready. */
export function contenders(count: number): Promise<Contender[]> {
  return Promise.all(Array.from({ length: count }, () => Contender.start()));
}
