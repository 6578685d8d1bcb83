// A small ceremony on a test screen, and the ways through it that several tests share.
import { cleanup } from 'ink-testing-library';
import { afterEach, beforeEach } from 'vitest';
import type { Forecast } from '../../../core/ceremony/dry-run.ts';
import type { Ceremony } from '../../../core/ceremony/run.ts';
import { Session } from '../../../core/ceremony/session.ts';
import { App } from '../../../tui/screens/app.tsx';
import { KeyboardContext } from '../../../tui/screens/reading.ts';
import { keys, mount, type TestScreen } from './screen.ts';
import { rightPin, smallCeremony, type SmallCeremony } from './small-ceremony.ts';

/** Makes a fresh ceremony before each test and takes it away after. */
export function eachSmallCeremony(): { readonly now: () => SmallCeremony } {
  let small: SmallCeremony | undefined;
  const now = (): SmallCeremony => {
    if (small === undefined) throw new Error('there is no ceremony outside a test');
    return small;
  };
  beforeEach(async () => {
    small = await smallCeremony();
  });
  afterEach(async () => {
    cleanup();
    await now().ceremony.close();
    await now().remove();
  });
  return { now };
}

export interface Shown {
  readonly screen: TestScreen;
  readonly session: Session;
  readonly codes: number[];
  readonly faults: unknown[];
}

/** The whole face for a ceremony, on a screen of some size. */
export async function show(
  ceremony: Ceremony,
  options: {
    readonly watching?: boolean;
    readonly forecast?: readonly Forecast[];
    readonly size?: [number, number];
  } = {},
): Promise<Shown> {
  const { watching = false, forecast = [], size = [80, 24] } = options;
  const codes: number[] = [];
  const faults: unknown[] = [];
  const session = new Session(ceremony, (error) => faults.push(error));
  const done = (code: number): void => {
    codes.push(code);
  };
  const places = { journal: '/ceremonies/small/journal.db', output: '/media/usb' };
  const screen = await mount(
    <KeyboardContext.Provider value={!watching}>
      <App {...{ session, forecast, watching, places, done }} />
    </KeyboardContext.Provider>,
    ...size,
  );
  return { screen, session, codes, faults };
}

/** Types a word and Enter. */
export async function say(screen: TestScreen, word: string): Promise<void> {
  await screen.type(word, keys.enter);
}

/** Turns pages until the last, so that an answer counts. */
async function readAll(screen: TestScreen): Promise<void> {
  for (let page = 0; page < 20 && screen.now().includes('more below'); page += 1) await screen.type(keys.pageDown);
}

/** From BEGIN to the question for the token's PIN. */
export async function untilPin(screen: TestScreen): Promise<void> {
  await say(screen, 'BEGIN');
  await screen.shows('Name the administrator');
  await screen.type('Ada', keys.enter, keys.enter);
  await screen.shows('Name the officers');
  await screen.type('Olga One', keys.enter, 'Omar Two', keys.enter, keys.enter);
  await screen.shows('Type it and press Enter.');
  await say(screen, 'RB0001');
  await screen.shows('Type the PIN of "root"');
}

/** Reads the certificate to be signed, twice: each role confirms it for itself. */
export async function sign(screen: TestScreen): Promise<void> {
  for (const role of ['ADMINISTRATOR', 'OFFICER']) {
    await screen.shows(new RegExp(`${role} must act now\\s*─*\\s*Type SIGN`, 'u'));
    await readAll(screen);
    await say(screen, 'SIGN');
  }
  await screen.shows('Type CONFIRMED');
}

export async function untilGenerate(screen: TestScreen): Promise<void> {
  await untilPin(screen);
  await say(screen, rightPin);
  await screen.shows('Type GENERATE');
}
