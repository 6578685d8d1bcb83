// A terminal of a given size for component tests: keys in, frames out, and waiting by looking, never by sleeping.
import { setImmediate as turn } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { render } from 'ink-testing-library';
import type { ReactElement } from 'react';
import { vi } from 'vitest';

export const keys = {
  enter: '\r',
  backspace: '\u007F',
  clear: '\u0015',
  interrupt: '\u0003',
  escape: '\u001B',
  tab: '\t',
  up: '\u001B[A',
  down: '\u001B[B',
  pageUp: '\u001B[5~',
  pageDown: '\u001B[6~',
} as const;

/** How long a test waits for what must come: nothing takes so long on an idle machine, but these run where others do. */
export const patience = { timeout: 40_000, interval: 10 } as const;

export interface TestScreen {
  /** What is on the screen now. */
  now(): string;
  /** Every frame there has been. */
  all(): string;
  /** Types texts or keys, each as one chunk. After an escape, wait for what it does: Ink holds a lone one back. */
  type(...chunks: readonly string[]): Promise<void>;
  /** Waits until the screen shows this. */
  shows(wanted: string | RegExp): Promise<void>;
  resize(columns: number, rows: number): void;
  unmount(): void;
}

/** Renders into a terminal of this size. */
export async function mount(element: ReactElement, columns = 80, rows = 24): Promise<TestScreen> {
  const { stdout, stdin, frames, lastFrame, unmount } = render(element);
  const resize = (width: number, height: number): void => {
    Object.defineProperty(stdout, 'columns', { value: width, configurable: true });
    Object.defineProperty(stdout, 'rows', { value: height, configurable: true });
    stdout.emit('resize');
  };
  resize(columns, rows);
  // Ink listens for keys from an effect on: the first turn of the event loop after the first frame.
  await turn();
  const now = (): string => stripVTControlCharacters(lastFrame() ?? '');
  return {
    now,
    all: () => frames.map((frame) => stripVTControlCharacters(frame)).join('\n'),
    type: async (...chunks) => {
      for (const chunk of chunks) {
        stdin.write(chunk);
        await turn();
      }
    },
    shows: async (wanted) => {
      await vi.waitFor(() => {
        const found = typeof wanted === 'string' ? now().includes(wanted) : wanted.test(now());
        if (!found) throw new Error(`the screen does not show ${String(wanted)}:\n${now()}`);
      }, patience);
    },
    resize,
    unmount,
  };
}
