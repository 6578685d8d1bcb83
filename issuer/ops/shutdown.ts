import type { Logger } from './log.ts';

/** Ends one part of the program; parts are ended one after the other. */
export interface Part {
  readonly name: string;
  end(): Promise<unknown>;
}

async function endAll(parts: readonly Part[], log: Logger): Promise<void> {
  for (const part of parts) {
    try {
      await part.end();
    } catch (error) {
      log.error({ err: error, part: part.name }, 'did not end well');
    }
  }
}

/** Resolves with the name of the first signal that asks the program to stop. */
export async function stopSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal));
  });
}

/** Ends the parts in order; false when that took longer than it may, and whatever is left is to be cut off. */
export async function shutDown(parts: readonly Part[], seconds: number, log: Logger): Promise<boolean> {
  const late = new Promise<boolean>((resolve) => {
    setTimeout(() => resolve(false), seconds * 1000).unref();
  });
  return Promise.race([endAll(parts, log).then(() => true), late]);
}
