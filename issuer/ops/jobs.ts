import type { Logger } from './log.ts';

/** Something to be done again and again; `seconds` pass between the end of one run and the beginning of the next. */
export interface Job {
  readonly name: string;
  readonly seconds: number;
  run(): Promise<unknown>;
}

/** Runs jobs, none twice at a time. One that fails is logged and runs again when it is its turn. */
export class Jobs {
  readonly #log: Logger;
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #running = new Set<Promise<void>>();
  #stopped = false;

  constructor(log: Logger) {
    this.#log = log;
  }

  start(job: Job): void {
    if (this.#stopped) return;
    const timer = setTimeout(() => {
      const run = this.#run(job).finally(() => {
        this.#running.delete(run);
        this.start(job);
      });
      this.#running.add(run);
    }, job.seconds * 1000);
    timer.unref();
    this.#timers.set(job.name, timer);
  }

  async #run(job: Job): Promise<void> {
    try {
      await job.run();
    } catch (error) {
      this.#log.error({ err: error, job: job.name }, 'job failed');
    }
  }

  /** Starts nothing more and waits for what is running. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    await Promise.all(this.#running);
  }
}
