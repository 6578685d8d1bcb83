// `coldroot desktop --browser` as its own process, as an officer starts it.
import { spawn, type ChildProcess } from 'node:child_process';
import { freshDist } from '../../terminal/fresh-dist.ts';

export interface Shell {
  readonly url: string;
  /** Everything it printed so far. */
  readonly printed: () => string;
  kill(signal: NodeJS.Signals): Promise<void>;
}

function printedUrl(child: ChildProcess, printed: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const url = /http:\/\/127\.0\.0\.1:\d+\/#[0-9a-f]+/u.exec(printed())?.[0];
      if (url !== undefined) resolve(url);
    };
    child.stdout?.on('data', look);
    child.stderr?.on('data', look);
    child.on('exit', () => {
      reject(new Error(`the window's program ended: ${printed()}`));
    });
  });
}

export async function startShell(cwd: string, args: readonly string[]): Promise<Shell> {
  const program = await freshDist();
  const child = spawn(process.execPath, [program, 'desktop', '--browser', ...args], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  const take = (chunk: Buffer): void => {
    text += chunk.toString();
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  const ended = new Promise<void>((resolve) => {
    child.on('exit', () => {
      resolve();
    });
  });
  return {
    url: await printedUrl(child, () => text),
    printed: () => text,
    kill: async (signal) => {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      await ended;
    },
  };
}
