import { tokenError } from './errors.ts';

type Mode = 'shared' | 'exclusive';

const maximumShared = 8;
const maximumWaiting = 1024;

interface Waiting {
  readonly mode: Mode;
  readonly start: () => void;
}

/**
 * Who may use a PKCS#11 library when: up to eight signatures at a time, anything else alone, first come first served.
 * Key generation may take minutes in which the library answers nobody; whoever came later waits here, where no deadline
 * runs, and not there, where the watchdog would take the wait for a hang and kill the generation.
 */
export class Schedule {
  readonly #waiting: Waiting[] = [];
  #shared = 0;
  #exclusive = false;

  /** Runs `task` when its turn comes; `token-busy` when too many wait already. */
  async run<T>(mode: Mode, task: () => Promise<T>): Promise<T> {
    await this.#turn(mode);
    try {
      return await task();
    } finally {
      if (mode === 'shared') this.#shared -= 1;
      else this.#exclusive = false;
      this.#admit();
    }
  }

  #turn(mode: Mode): Promise<void> {
    if (this.#waiting.length >= maximumWaiting) {
      return Promise.reject(
        tokenError('token-busy', 'Too many requests are waiting for the token.', 'Send fewer at a time.'),
      );
    }
    return new Promise((resolve) => {
      this.#waiting.push({ mode, start: resolve });
      this.#admit();
    });
  }

  #admit(): void {
    for (;;) {
      const [next] = this.#waiting;
      if (next === undefined || this.#exclusive) return;
      if (next.mode === 'exclusive' ? this.#shared > 0 : this.#shared >= maximumShared) return;
      this.#waiting.shift();
      if (next.mode === 'shared') this.#shared += 1;
      else this.#exclusive = true;
      next.start();
    }
  }
}
