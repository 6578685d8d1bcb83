// Holds a whole ceremony in the window by keyboard: it answers whatever is asked, as the answers file of a room does.
import type { Page } from 'playwright-core';
import { systemClock } from '../../../core/node/clock.ts';
import { formatUtc } from '../../../core/profile/dates.ts';
import { readAll } from './screens.ts';

const people: Readonly<Record<string, readonly string[]>> = {
  administrator: ['Ada Administrator'],
  officer: ['Olga One', 'Omar Two'],
  witness: ['Wim Witness'],
};

export interface Holding {
  readonly pins: Readonly<Record<string, string>>;
  /** Of tokens that are made ready for use: what their security officer chooses. */
  readonly soPins?: Readonly<Record<string, string>>;
  readonly record: string;
  /** Looks at everything that is asked, before it is answered. */
  readonly look?: (page: Page) => Promise<void>;
  /** Stops before the first prompt of an act whose headline matches. */
  readonly until?: RegExp;
}

type Found = Readonly<Record<string, string | undefined>>;
type Saying = (found: Found, holding: Holding) => string;

/** What people type, by the label of the one field and the words above it. */
const sayings: readonly (readonly [asked: RegExp, saying: Saying])[] = [
  [/^Type (?<word>[A-Z]+|[a-z]+(?: [a-z]+){3}), (?:in capitals|to confirm)/mu, ({ word = '' }) => word],
  [
    /^(?:New )?(?<so>SO )?(?:user )?PIN of the token “(?<token>[^”]+)”/imu,
    ({ so, token = '' }, { pins, soPins = {} }) => (so === undefined ? pins : soPins)[token] ?? '',
  ],
  [/Approval (?<number>\d+) of[^]*^Your own name/mu, ({ number }) => people['officer']?.[Number(number) - 1] ?? ''],
  [
    /^(?<role>[A-Z]+) must act now[^]*^(?:Your own|That person’s) name/mu,
    ({ role = '' }) => people[role.toLowerCase()]?.[0] ?? '',
  ],
  [/type date and time in UTC/u, () => formatUtc(systemClock.now()).slice(0, 16).replace('T', ' ')],
  [/(?:)/u, (_, { record }) => record],
];

async function type(page: Page, line: string): Promise<void> {
  await page.keyboard.type(line);
  await page.keyboard.press('Enter');
}

async function answer(page: Page, holding: Holding): Promise<void> {
  const asked = await page.locator('form.area').innerText();
  await readAll(page);
  await holding.look?.(page);
  const role = /^Name of one (?<role>\w+)$/mu.exec(asked)?.groups?.['role'];
  if (role !== undefined) {
    for (const name of people[role] ?? []) await type(page, name);
    await page.keyboard.press('Enter');
    return;
  }
  for (const [form, saying] of sayings) {
    const found = form.exec(asked);
    if (found !== null) return type(page, saying(found.groups ?? {}, holding));
  }
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
    await answer(page, holding);
    // The next question is another form: it is never typed into the one before.
    await form?.waitForElementState('hidden').catch(async (error: unknown) => {
      const note = await page.locator('.area-note').innerText();
      throw new Error(`"${headline}" did not take its answer: ${note}`, { cause: error });
    });
  }
  throw new Error('the ceremony does not end');
}
