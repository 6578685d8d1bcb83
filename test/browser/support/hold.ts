// Holds a whole ceremony in the window by keyboard: it answers whatever is asked, as the answers file of a room does.
import type { Page } from 'playwright-core';
import { readAll } from './screens.ts';

const people: Readonly<Record<string, readonly string[]>> = {
  administrator: ['Ada Administrator'],
  officer: ['Olga One', 'Omar Two'],
  witness: ['Wim Witness'],
};

export interface Holding {
  readonly pins: Readonly<Record<string, string>>;
  readonly record: string;
  /** Stops before the first prompt of an act whose headline matches. */
  readonly until?: RegExp;
}

/** What the label of the one field says to type. */
const asked = {
  names: /^Name of one (?<role>\w+)$/u,
  word: /^Type (?<word>[A-Z]+), in capitals/u,
  pin: /^PIN of the token “(?<token>[^”]+)”$/u,
};

async function type(page: Page, line: string): Promise<void> {
  await page.keyboard.type(line);
  await page.keyboard.press('Enter');
}

async function answer(page: Page, label: string, { pins, record }: Holding): Promise<void> {
  const role = asked.names.exec(label)?.groups?.['role'];
  const word = asked.word.exec(label)?.groups?.['word'];
  const token = asked.pin.exec(label)?.groups?.['token'];
  await readAll(page);
  if (role !== undefined) {
    for (const name of people[role] ?? []) await type(page, name);
    await page.keyboard.press('Enter');
  } else if (word !== undefined) await type(page, word);
  else if (token !== undefined) await type(page, pins[token] ?? '');
  else await type(page, record);
}

/** Answers until the ceremony is over, or until an act is reached. The headline of where it stands. */
export async function holdByKeyboard(page: Page, holding: Holding): Promise<string> {
  for (let prompts = 0; prompts < 100; prompts += 1) {
    const over = page.getByRole('heading', { level: 1, name: /^The ceremony (?:is finished|was stopped)$/u });
    const field = page.locator('form.area input');
    await over.or(field).first().waitFor();
    const headline = (await page.locator('h1').first().textContent()) ?? '';
    if ((await over.count()) > 0 || holding.until?.test(headline) === true) return headline;
    const form = await page.locator('form.area').elementHandle();
    const label = await page.locator('form.area label').first().innerText();
    await answer(page, label, holding);
    // The next question is another form: it is never typed into the one before.
    await form?.waitForElementState('hidden').catch(async (error: unknown) => {
      const note = await page.locator('.area-note').innerText();
      throw new Error(`"${headline}" did not take its answer: ${note}`, { cause: error });
    });
  }
  throw new Error('the ceremony does not end');
}
