import { cleanup } from 'ink-testing-library';
import { afterEach, describe, expect, it } from 'vitest';
import { answerFault, type Prompt } from '../../../core/ceremony/prompt.ts';
import { promptRows } from '../../../tui/screens/entries/frame-rows.ts';
import { PromptEntry } from '../../../tui/screens/entries/prompt-entry.tsx';
import { ReadingContext } from '../../../tui/screens/reading.ts';
import { mask } from '../../../core/ceremony/typed-words.ts';
import { text } from '../../../tui/screens/text.ts';
import { keys, mount, type TestScreen } from './screen.ts';

afterEach(cleanup);

const asked = { id: 'p', by: 'officer', say: 'Do it.' } as const;

interface Held {
  readonly screen: TestScreen;
  readonly answers: (string | readonly string[])[];
  readonly pins: string[];
  readonly turns: number[];
}

/** A prompt alone on a screen, answered into lists, judged by the ceremony's own rule. */
async function hold(prompt: Prompt, reading: { readonly unread?: boolean } = {}): Promise<Held> {
  const answers: (string | readonly string[])[] = [];
  const pins: string[] = [];
  const turns: number[] = [];
  const session = {
    answer: (_: string, value: string | readonly string[]) => {
      if (answerFault(prompt, value) === undefined) answers.push(value);
      return Promise.resolve(undefined);
    },
    secret: (_: string, pin: string) => {
      pins.push(pin);
      return Promise.resolve(undefined);
    },
  };
  const value = { unread: reading.unread ?? false, active: true, turn: (step: number) => turns.push(step) };
  const screen = await mount(
    <ReadingContext.Provider value={value}>
      <PromptEntry prompt={prompt} session={session} columns={80} rows={promptRows(prompt, 80)} />
    </ReadingContext.Provider>,
  );
  return { screen, answers, pins, turns };
}

describe('an exact word', () => {
  const prompt: Prompt = { ...asked, kind: 'word', word: 'SIGN' };

  it('says who must act and which word', async () => {
    const { screen } = await hold(prompt);
    expect(screen.now()).toContain('OFFICER must act now');
    expect(screen.now()).toContain('Type SIGN and press Enter.');
  });

  it('is echoed while it is typed and accepted when it is exact', async () => {
    const { screen, answers } = await hold(prompt);
    await screen.type('SIG');
    await screen.shows('> SIG_');
    await screen.type('N', keys.enter);
    expect(answers).toEqual(['SIGN']);
  });

  it.each(['sign', 'SIGNED', 'SIGN ', 'YES', ''])('refuses "%s" and says why', async (word) => {
    const { screen, answers } = await hold(prompt);
    await screen.type(word === '' ? keys.enter : `${word}${keys.enter}`);
    await screen.shows(word === '' ? text.nothingTyped(['SIGN']) : `Not accepted: "${word}"`);
    expect(answers).toEqual([]);
  });

  it('is not repeated where it can be no mistyped word: a PIN in the wrong place', async () => {
    const { screen, answers } = await hold(prompt);
    await screen.type(`correct-horse-7261${keys.enter}`);
    await screen.shows('Not accepted. Type SIGN, exactly, in capitals.');
    expect(screen.now()).not.toContain('correct-horse');
    expect(answers).toEqual([]);
  });

  it('is not accepted while there is a page nobody has seen', async () => {
    const { screen, answers } = await hold(prompt, { unread: true });
    await screen.type('SIGN', keys.enter);
    await screen.shows('there is more to read');
    expect(answers).toEqual([]);
  });

  it('typed ahead twice in one go answers only once', async () => {
    const { screen, answers } = await hold(prompt);
    await screen.type('SIGN\rSIGN\r');
    expect(answers).toEqual(['SIGN']);
  });

  it('leaves Space on an empty line to turning pages', async () => {
    const { screen, turns } = await hold(prompt);
    await screen.type(' ');
    expect(turns).toEqual([1]);
    await screen.shows('> _');
  });
});

describe('a text', () => {
  const prompt: Prompt = { ...asked, kind: 'text', pattern: '[A-Z]{2}[0-9]{4}', maximum: 20 };

  it('that does not fit is refused with its pattern and can be corrected', async () => {
    const { screen, answers } = await hold(prompt);
    await screen.type('RB12', keys.enter);
    await screen.shows('it must look like [A-Z]{2}[0-9]{4}');
    expect(answers).toEqual([]);
    await screen.type('34', keys.enter);
    expect(answers).toEqual(['RB1234']);
  });

  it('can be taken back by Backspace and Ctrl-U', async () => {
    const { screen, answers } = await hold(prompt);
    await screen.type('XX', keys.backspace, keys.clear, 'RB0001', keys.enter);
    expect(answers).toEqual(['RB0001']);
  });

  it('longer than its row stays in sight at its end', async () => {
    const { screen } = await hold({ ...asked, kind: 'text', maximum: 500 });
    await screen.type(`${'x'.repeat(300)}END`);
    await screen.shows('END_');
    expect(screen.now()).toContain('… xxx');
  });
});

describe('names', () => {
  const prompt: Prompt = { ...asked, kind: 'names', role: 'officer', minimum: 2, maximum: 3 };

  it('are taken one a line, listed, and finished by an empty line', async () => {
    const { screen, answers } = await hold(prompt);
    await screen.type('Olga One', keys.enter);
    await screen.shows('1 Olga One');
    await screen.type('Omar Two', keys.enter, keys.enter);
    expect(answers).toEqual([['Olga One', 'Omar Two']]);
  });

  it('fewer than needed are not enough', async () => {
    const { screen, answers } = await hold(prompt);
    await screen.type('Olga One', keys.enter, keys.enter);
    await screen.shows('2 must be named; so far 1.');
    expect(answers).toEqual([]);
  });

  it('more than allowed are refused, as is the same person twice', async () => {
    const { screen, answers } = await hold(prompt);
    await screen.type('Olga One', keys.enter, 'Olga One', keys.enter);
    await screen.shows('a person is named twice');
    await screen.type(keys.clear, 'Omar Two', keys.enter, 'Oda Three', keys.enter, 'Ole Four', keys.enter);
    await screen.shows('Nobody else can be named here');
    await screen.type(keys.clear, keys.enter);
    expect(answers).toEqual([['Olga One', 'Omar Two', 'Oda Three']]);
  });

  it('can be taken out again by Backspace on the empty line', async () => {
    const { screen, answers } = await hold(prompt);
    await screen.type(
      'Olga One',
      keys.enter,
      'Wrong One',
      keys.enter,
      keys.backspace,
      'Omar Two',
      keys.enter,
      keys.enter,
    );
    expect(answers).toEqual([['Olga One', 'Omar Two']]);
  });
});

describe('a PIN', () => {
  const prompt: Prompt = { ...asked, kind: 'secret', token: 'root', keypad: false };
  const canary = 'Zq7x-kanarie-W4v9';

  it('is handed over on Enter and is never on the screen, in whole or in part', async () => {
    const { screen, pins } = await hold(prompt);
    for (const character of canary) await screen.type(character);
    await screen.shows(mask);
    await screen.type(keys.enter);
    expect(pins).toEqual([canary]);
    for (let end = 3; end <= canary.length; end += 1) {
      expect(screen.all()).not.toContain(canary.slice(end - 3, end));
    }
  });

  it('looks the same however long it is', async () => {
    const short = await hold(prompt);
    await short.screen.type('1');
    const long = await hold(prompt);
    await long.screen.type('12345678901234567890');
    expect(short.screen.now()).toBe(long.screen.now());
  });

  it.each([
    ['Backspace', keys.backspace],
    ['Ctrl-U', keys.clear],
  ])('is cleared as a whole by %s', async (_, key) => {
    const { screen, pins } = await hold(prompt);
    await screen.type('wrong', key);
    await screen.shows(text.pinNothing);
    await screen.type(canary, keys.enter);
    expect(pins).toEqual([canary]);
  });

  it('may begin with a space, but only once everything has been read', async () => {
    const unread = await hold(prompt, { unread: true });
    await unread.screen.type(' ');
    expect(unread.turns).toEqual([1]);
    expect(unread.screen.now()).toContain(text.pinNothing);
    const { screen, pins } = await hold(prompt);
    await screen.type(' 1', keys.enter);
    expect(pins).toEqual([' 1']);
  });

  it.each([
    [{}, 'Type the PIN of "root" and press Enter.'],
    [{ officer: true }, 'Type the SO PIN of "root" and press Enter.'],
    [{ officer: true, chosen: { minimum: 8, maximum: 8 } }, 'Type the new SO PIN of "root" and press Enter.'],
    [{ chosen: { minimum: 8, maximum: 8, again: true } }, 'Type the new user PIN of "root" once more and'],
  ] as const)('says which PIN it is: %j', async (more, instruction) => {
    const { screen } = await hold({ ...prompt, ...more });
    expect(screen.now()).toContain(instruction);
  });

  it('left empty is refused once, then taken as the device’s own keypad', async () => {
    const { screen, pins } = await hold(prompt);
    await screen.type(keys.enter);
    await screen.shows('No PIN was typed.');
    expect(pins).toEqual([]);
    await screen.type(keys.enter);
    expect(pins).toEqual(['']);
  });

  it('for a keypad is explained, and one Enter hands over to the device', async () => {
    const { screen, pins } = await hold({ ...prompt, keypad: true });
    expect(screen.now()).toContain('own keypad');
    await screen.type(keys.enter);
    expect(pins).toEqual(['']);
  });
});

describe('a choice', () => {
  const prompt: Prompt = {
    ...asked,
    kind: 'choice',
    choices: [
      { value: 'adopt', label: 'Adopt it' },
      { value: 'destroy', label: 'Destroy it' },
      { value: 'abort', label: 'Stop the ceremony' },
    ],
  };

  it('is marked by arrows or its number and taken by Enter only', async () => {
    const { screen, answers } = await hold(prompt);
    await screen.type('2');
    await screen.shows(/ > 2\. Destroy it/u);
    expect(answers).toEqual([]);
    await screen.type(keys.up);
    await screen.shows(/ > 1\. Adopt it/u);
    await screen.type(keys.enter);
    expect(answers).toEqual(['adopt']);
  });

  it.each([
    ['destroy', 1, 'DESTROY'],
    ['abort', 2, 'ABORT'],
  ])('to %s needs its word on top of Enter', async (value, downs, word) => {
    const { screen, answers } = await hold(prompt);
    await screen.type(...Array.from({ length: downs }, () => keys.down), keys.enter);
    await screen.shows(`Type ${word} and press Enter`);
    await screen.type(keys.enter, 'YES', keys.enter);
    await screen.shows('Not accepted: "YES"');
    expect(answers).toEqual([]);
    await screen.type(word, keys.enter);
    expect(answers).toEqual([value]);
  });

  it('can be gone back on by Esc before the word is typed', async () => {
    const { screen, answers } = await hold(prompt);
    await screen.type('2', keys.enter);
    await screen.shows('Type DESTROY');
    await screen.type(keys.escape);
    await screen.shows(text.choose);
    await screen.type('1', keys.enter);
    expect(answers).toEqual(['adopt']);
  });
});
