import { render, type Instance } from 'ink';
import { isatty } from 'node:tty';
import { setTimeout as delay } from 'node:timers/promises';
import { CodedError, formatRefusal, isCoded } from '../../core/ports/coded-error.ts';
import { Session, type SessionScript } from '../../core/ceremony/session.ts';
import { exitCodes } from '../cli/exit-codes.ts';
import type { Screen, Showing } from '../cli/program.ts';
import { App, exitCodeOf } from './app.tsx';
import { Boundary } from './parts/boundary.tsx';
import { KeyboardContext } from './reading.ts';
import { text } from './text.ts';
import { ThemeContext, themeFor } from './theme.ts';

/** How long each answer of a script can be seen, in milliseconds. */
const defaultPacing = 150;

/** What a failure of the screen itself is reported as: its kind, never its values. */
export function screenError(error: unknown): CodedError {
  if (isCoded(error)) return error;
  const name = error instanceof Error ? error.name : 'unknown error';
  const refusal = { code: 'screen-failed', message: text.errors.screen(name), remedy: text.errors.screenRemedy };
  return new CodedError(refusal, { cause: error });
}

/** The terminal, as the screen uses it. */
export interface Terminal {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Whether keys can be read: standard input is a terminal. */
  readonly keyboard: boolean;
  /** A line left behind on the terminal after the screen is gone. */
  note(line: string): void;
}

/** How a showing ended, and what to leave behind on the terminal. */
interface Outcome {
  readonly code: number;
  readonly note?: string;
}

/** Plays a script to its end. */
async function play(session: Session, script: SessionScript, pacing: number): Promise<Outcome> {
  try {
    const end = await session.play(script, () => delay(pacing));
    if (end.kind !== 'failed') return { code: exitCodeOf(session.snapshot().state) };
    return { code: exitCodes.actFailed, note: formatRefusal(end.failure) };
  } catch (error) {
    if (isCoded(error, 'screen-left')) return { code: exitCodes.actFailed };
    throw error;
  }
}

/**
 * Holds a ceremony on a terminal, or plays a script there; the exit status. Whatever happens, the terminal is as it was
 * before when this returns or throws.
 */
export async function holdOnScreen(showing: Showing, terminal: Terminal, pacing = defaultPacing): Promise<number> {
  const { ceremony, forecast, places, script } = showing;
  const outcome = Promise.withResolvers<Outcome>();
  const failed = (error: unknown): void => {
    outcome.reject(screenError(error));
  };
  const done = (code: number): void => {
    outcome.resolve({ code });
  };
  const session = new Session(ceremony, failed);
  const { stdin, stdout, environment, keyboard } = terminal;
  const instance = render(
    <Boundary failed={failed}>
      <ThemeContext.Provider value={themeFor(environment)}>
        <KeyboardContext.Provider value={keyboard}>
          <App
            {...{ session, forecast }}
            {...(places === undefined ? {} : { places })}
            watching={script !== undefined}
            done={done}
          />
        </KeyboardContext.Provider>
      </ThemeContext.Provider>
    </Boundary>,
    // Nothing here writes to the console, and Ink would write what does into the middle of a page.
    { stdin, stdout, exitOnCtrlC: false, alternateScreen: true, interactive: true, patchConsole: false },
  );
  instance.waitUntilExit().then(() => {
    failed(new Error('exit'));
  }, failed);
  try {
    const playing = script === undefined ? [] : [play(session, script, pacing)];
    const { code, note } = await Promise.race([...playing, outcome.promise]);
    await close(instance);
    if (note !== undefined) terminal.note(note);
    return code;
  } finally {
    await close(instance);
  }
}

/** Gives the terminal back; a second time does nothing. */
async function close(instance: Instance): Promise<void> {
  instance.unmount();
  await instance.waitUntilExit().catch(() => undefined);
}

/** The terminal this process has. */
function ownTerminal(): Terminal {
  const { stdin, stdout, stderr, env } = process;
  return {
    stdin,
    stdout,
    environment: env,
    keyboard: isatty(0),
    note: (line) => {
      stderr.write(`${line}\n`);
    },
  };
}

/** The face for people at a terminal. */
export const showCeremony: Screen = (showing) => holdOnScreen(showing, ownTerminal());
