// The edge to the terminal: what is written to it when everything goes well, and when something throws.
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CodedError } from '../../../core/ports/coded-error.ts';
import type { Forecast } from '../../../core/ceremony/dry-run.ts';
import { parseAnswers } from '../../../core/ceremony/answers.ts';
import { exitCodes } from '../../../tui/cli/exit-codes.ts';
import { holdOnScreen, screenError, type Terminal } from '../../../tui/screens/show-ceremony.tsx';
import { themeFor } from '../../../tui/screens/theme.ts';
import { patience } from './screen.ts';
import { rightPin, smallCeremony, smallPlan, type SmallCeremony } from './small-ceremony.ts';

const enterAlternate = '\u001B[?1049h';
const leaveAlternate = '\u001B[?1049l';
const showCursor = '\u001B[?25h';

let small: SmallCeremony;

beforeEach(async () => {
  small = await smallCeremony();
});
afterEach(async () => {
  await small.ceremony.close();
  await small.remove();
});

interface FakeTerminal extends Terminal {
  written(): string;
  notes(): readonly string[];
  /** Raw mode, in the order in which it was set. */
  raw(): readonly boolean[];
  type(text: string): void;
}

/** A terminal made of streams. Without `keyboard`, standard input is no terminal at all. */
function terminal(keyboard: boolean): FakeTerminal {
  const stdin = new PassThrough();
  const stdout = new PassThrough();
  const raw: boolean[] = [];
  const notes: string[] = [];
  let written = '';
  stdout.on('data', (chunk: Buffer) => (written += chunk.toString()));
  Object.assign(stdout, { isTTY: true, columns: 80, rows: 24 });
  if (keyboard) {
    const setRawMode = (on: boolean): void => {
      raw.push(on);
    };
    Object.assign(stdin, { isTTY: true, setRawMode, ref: () => stdin, unref: () => stdin });
  }
  return {
    stdin: stdin as unknown as NodeJS.ReadStream,
    stdout: stdout as unknown as NodeJS.WriteStream,
    environment: {},
    keyboard,
    note: (line) => notes.push(line),
    written: () => written,
    notes: () => notes,
    raw: () => raw,
    type: (text) => stdin.write(text),
  };
}

function script(pin: string) {
  const parsed = parseAnswers(
    `coldroot-answers: 1
people: { administrator: [Ada], officer: [Olga One, Omar Two] }
confirm: everything
records: { bag: RB0001 }
`,
    'answers',
  );
  if (!parsed.ok) throw new Error('the answers of this test do not parse');
  return { answers: parsed.value, readPin: () => Promise.resolve(pin) };
}

function expectRestored(own: FakeTerminal): void {
  expect(own.written()).toContain(enterAlternate);
  const after = own.written().slice(own.written().lastIndexOf(leaveAlternate));
  expect(after).toContain(leaveAlternate);
  expect(own.written()).toContain(showCursor);
  expect(own.raw().at(-1) ?? false).toBe(false);
}

describe('a script on a terminal without a keyboard', () => {
  it('plays to the end, leaves the terminal as it was and exits with 0', async () => {
    const own = terminal(false);
    const code = await holdOnScreen({ ceremony: small.ceremony, forecast: [], script: script(rightPin) }, own, 0);
    expect(code).toBe(exitCodes.done);
    expect(own.written()).not.toContain(rightPin);
    expectRestored(own);
  });

  it('that fails leaves the reason behind on the terminal and exits with 4', async () => {
    const own = terminal(false);
    const code = await holdOnScreen({ ceremony: small.ceremony, forecast: [], script: script('wrong') }, own, 0);
    expect(code).toBe(exitCodes.actFailed);
    expect(own.notes()).toEqual([expect.stringContaining('[token-pin-incorrect]')]);
    expectRestored(own);
  });
});

describe('people at a terminal', () => {
  it('who leave find it as it was', async () => {
    const own = terminal(true);
    const held = holdOnScreen({ ceremony: small.ceremony, forecast: [] }, own);
    await vi.waitFor(() => {
      expect(own.written()).toContain('BEGIN');
      expect(own.raw()).toEqual([true]);
    }, patience);
    own.type('\u0003');
    await vi.waitFor(() => {
      expect(own.written()).toContain('Leave or stop?');
    }, patience);
    own.type('LEAVE');
    own.type('\r');
    expect(await held).toBe(exitCodes.actFailed);
    expectRestored(own);
  });
});

describe('an error', () => {
  it('thrown while drawing restores the terminal and is a coded error without the values in it', async () => {
    const own = terminal(true);
    const broken = [{ headline: 'x', facts: [{ label: 'secret-looking', value: undefined }] }] as unknown as Forecast[];
    await expect(holdOnScreen({ ceremony: small.ceremony, forecast: broken }, own)).rejects.toThrow(
      expect.objectContaining({ code: 'screen-failed' }),
    );
    expect(own.written()).not.toContain('secret-looking');
    expect(own.written()).not.toContain('Cannot read');
    expectRestored(own);
  });

  it('of the journal, met by an answer of a script, ends it with exit status 4 and its code', async () => {
    const own = terminal(false);
    small.breakJournal();
    const code = await holdOnScreen({ ceremony: small.ceremony, forecast: [], script: script(rightPin) }, own, 0);
    expect(code).toBe(exitCodes.actFailed);
    expect(own.notes()).toEqual([expect.stringContaining('[journal-write]')]);
    expectRestored(own);
  });

  it('of the journal, met while an act is being done, comes out with its own code', async () => {
    const room = await smallCeremony(smallPlan.replace('- { do: attend }', '- { do: check-room }'));
    const own = terminal(true);
    const held = holdOnScreen({ ceremony: room.ceremony, forecast: [] }, own);
    await vi.waitFor(() => {
      expect(own.raw()).toEqual([true]);
    }, patience);
    room.breakJournal();
    own.type('BEGIN\r');
    await expect(held).rejects.toThrow(expect.objectContaining({ code: 'journal-write' }));
    expectRestored(own);
    await room.remove();
  });

  it('that is coded stays itself, and another is named by its kind only', () => {
    const coded = new CodedError({ code: 'journal-write', message: 'The disk is full.', remedy: 'Free some space.' });
    expect(screenError(coded)).toBe(coded);
    expect(screenError(new TypeError('PIN 1234')).message).toContain('TypeError');
    expect(screenError(new TypeError('PIN 1234')).message).not.toContain('1234');
  });
});

describe('colour', () => {
  it('is used where nothing forbids it, and not where NO_COLOR does', () => {
    expect(themeFor({}).warning).toBe('yellow');
    expect(themeFor({ NO_COLOR: '' }).warning).toBe('yellow');
    expect(themeFor({ NO_COLOR: '1' })).toEqual({});
  });
});
