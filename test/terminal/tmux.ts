// A real terminal for tests: a program in a tmux pane of its own server, typed into and looked at.
import { execFile, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { vi } from 'vitest';
import { mask } from '../../core/ceremony/typed-words.ts';

const run = promisify(execFile);

/** Why tmux cannot be used here, or undefined: for tests to skip with. */
export function tmuxMissing(): string | undefined {
  return spawnSync('tmux', ['-V']).status === 0 ? undefined : 'tmux is not installed (Debian: apt-get install tmux)';
}

/** A program in a terminal. */
export interface Pane {
  /** What is on the screen. */
  screen(): Promise<string>;
  /** The screen, all that scrolled off it, and the screen that lies behind an alternate one. */
  everything(): Promise<string>;
  /** Waits until the screen shows this; what it shows then. */
  shows(wanted: string | RegExp): Promise<string>;
  /** Waits until the screen is as wanted; what it shows then. */
  until(wanted: (screen: string) => boolean): Promise<string>;
  /** Types text as it is. */
  type(text: string): Promise<void>;
  /** Presses keys by tmux's names, such as `Enter`, `PageDown`, `C-c`. */
  press(...keys: readonly string[]): Promise<void>;
  /** Types a text and presses Enter. */
  say(text: string): Promise<void>;
  resize(columns: number, rows: number): Promise<void>;
  /** Waits for the program's end; its exit status. */
  exitStatus(): Promise<number>;
  close(): Promise<void>;
}

const patience = { timeout: 60_000, interval: 50 } as const;
/** How long typed keys may take to be seen before they are taken for lost. */
const echo = { timeout: 2000, interval: 50 } as const;

/** Whether the field that a screen shows holds this text, or the mask of a secret. */
function isEntered(screen: string, text: string): boolean {
  const rows = screen.split('\n').filter((row) => /^[>…] /u.test(row));
  return rows.some((row) => row.includes(mask) || row.trimEnd().endsWith(`${text}_`));
}

/** Starts a program in a pane of this size, under a tmux server that nothing else uses. */
export async function openPane(command: readonly string[], directory: string, columns = 80, rows = 24): Promise<Pane> {
  const socket = `coldroot-${randomUUID()}`;
  const env = { ...process.env, LC_ALL: 'C.UTF-8', TERM: 'xterm' };
  const tmux = async (...argv: readonly string[]): Promise<string> => {
    const { stdout } = await run('tmux', ['-L', socket, '-f', '/dev/null', ...argv], { env });
    return stdout;
  };
  const size = ['-x', String(columns), '-y', String(rows)];
  // tmux 3.3 sometimes forgets a dead pane's exit status, so that a shell says it instead and keeps the pane open.
  const shell = ['sh', '-c', '"$@"; echo "exit status $?"; exec cat', 'sh'];
  await tmux('new-session', '-d', ...size, '-c', directory, ...shell, ...command);
  const screen = (): Promise<string> => tmux('capture-pane', '-p');
  const press = async (...keys: readonly string[]): Promise<void> => {
    await tmux('send-keys', ...keys);
  };
  const type = async (text: string): Promise<void> => {
    await tmux('send-keys', '-l', '--', text);
  };
  /**
   * A field takes keys a moment after it is drawn, as a person's hands are slower than that: what was lost is typed again, into
   * a field made empty, for what seems lost may only be late.
   */
  const typeInto = async (text: string): Promise<void> => {
    await press('C-u');
    await type(text);
    await vi.waitFor(async () => {
      const found = await screen();
      if (!isEntered(found, text)) throw new Error(`the terminal takes no keys:\n${found}`);
    }, echo);
  };
  const until = (wanted: (screen: string) => boolean, what = 'what is waited for'): Promise<string> =>
    vi.waitFor(async () => {
      const found = await screen();
      if (wanted(found)) return found;
      throw new Error(`the terminal does not show ${what}:\n${found}`);
    }, patience);
  return {
    screen,
    until,
    everything: async () =>
      (await tmux('capture-pane', '-p', '-S', '-')) + (await tmux('capture-pane', '-p', '-a', '-q')),
    shows: (wanted) =>
      until((found) => (typeof wanted === 'string' ? found.includes(wanted) : wanted.test(found)), String(wanted)),
    type,
    press,
    say: async (text) => {
      await vi.waitFor(() => typeInto(text), patience);
      await press('Enter');
    },
    resize: async (width, height) => {
      await tmux('resize-window', '-x', String(width), '-y', String(height));
    },
    exitStatus: () =>
      vi.waitFor(async () => {
        const found = await screen();
        const status = /^exit status (?<status>\d+)$/mu.exec(found)?.groups?.['status'];
        if (status === undefined) throw new Error(`the program is still running:\n${found}`);
        return Number(status);
      }, patience),
    close: async () => {
      await tmux('kill-server').catch(() => undefined);
      await rm(path.join(process.env['TMUX_TMPDIR'] ?? '/tmp', `tmux-${process.getuid?.() ?? 0}`, socket), {
        force: true,
      });
    },
  };
}
