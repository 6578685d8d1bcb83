import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { browserMissing, launchBrowser } from './support/browser.ts';
import { startDevPage, type DevPage } from './support/dev-page.ts';
import { walks } from './support/screens.ts';

const missing = browserMissing();
if (missing !== undefined) console.warn(`NOT CHECKED: the window's screens and their accessibility. ${missing}`);

let browser: Browser;
let dev: DevPage;

/** What axe has against the page as it is: serious and critical findings alone, with the element that has it. */
async function findings(page: Page, rules?: readonly string[]): Promise<readonly string[]> {
  return page.evaluate(
    async (only) => {
      const { axe: own } = globalThis as unknown as { readonly axe: typeof axe };
      const options = only === undefined ? {} : { runOnly: { type: 'rule' as const, values: [...only] } };
      const { violations } = await own.run(document, { resultTypes: ['violations'], ...options });
      return violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
    },
    rules === undefined ? undefined : [...rules],
  );
}

/** How the window can look; contrast is what changes between them. */
const looks = [
  { colorScheme: 'dark', contrast: 'normal' },
  { colorScheme: 'light', contrast: 'high' },
  { colorScheme: 'dark', contrast: 'high' },
] as const;

async function findingsInEveryLook(page: Page): Promise<readonly string[]> {
  await page.emulateMedia({ colorScheme: 'light' });
  const all = [...(await findings(page))];
  for (const { colorScheme, contrast } of looks) {
    await page.emulateMedia({ colorScheme });
    // As the button does it; a click would take the keyboard away from what the screen is about.
    await page.evaluate((value) => (document.documentElement.dataset['contrast'] = value), contrast);
    const found = await findings(page, ['color-contrast']);
    all.push(...found.map((finding) => `${colorScheme}, ${contrast} contrast: ${finding}`));
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.evaluate(() => (document.documentElement.dataset['contrast'] = 'normal'));
  return all;
}

/** Primary buttons that are there but not in sight, and sideways scrolling, which nobody should need. */
function outOfSight(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const hidden = [
      ...document.querySelectorAll<HTMLElement>(
        '.area button.primary, .page-actions button.primary, dialog button.primary',
      ),
    ]
      .filter((button) => {
        const { top, bottom, left, right } = button.getBoundingClientRect();
        return top < 0 || left < 0 || bottom > innerHeight || right > innerWidth;
      })
      .map((button) => `out of sight: ${button.textContent}`);
    return document.documentElement.scrollWidth > innerWidth ? [...hidden, 'scrolls sideways'] : hidden;
  });
}

async function outOfSightInBothSizes(page: Page): Promise<readonly string[]> {
  const normal = await outOfSight(page);
  await page.evaluate(() => (document.documentElement.dataset['type'] = 'large'));
  const large = await outOfSight(page);
  await page.evaluate(() => (document.documentElement.dataset['type'] = 'normal'));
  return [...normal, ...large.map((what) => `large type: ${what}`)];
}

describe.skipIf(missing !== undefined)('every screen of the window', () => {
  beforeAll(async () => {
    dev = await startDevPage();
    browser = await launchBrowser();
  });

  afterAll(async () => {
    await browser?.close();
    await dev?.close();
  });

  it.each(walks.map((walk) => [walk.map(({ screen }) => screen).join(', '), walk] as const))(
    'has no serious accessibility finding and its primary action in sight at 1280×720: %s',
    async (_, walk) => {
      const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
      const faults: string[] = [];
      page.on('pageerror', ({ message }) => faults.push(message));
      page.on('console', (message) => {
        if (message.type() === 'error') faults.push(message.text());
      });
      await page.addInitScript(axe.source);
      await page.goto(dev.url);
      for (const { screen, go } of walk) {
        await go(page);
        const found = [...(await findingsInEveryLook(page)), ...(await outOfSightInBothSizes(page))];
        faults.push(...found.map((finding) => `${screen}: ${finding}`));
      }
      await page.close();
      expect(faults).toEqual([]);
    },
    600_000,
  );

  it('shows a serious finding when there is one', async () => {
    const page = await browser.newPage();
    await page.addInitScript(axe.source);
    await page.goto(dev.url);
    await page.getByRole('heading', { name: 'Hold a ceremony' }).waitFor();
    await page.evaluate(() => document.querySelector('main')?.append(document.createElement('input')));
    expect(await findings(page)).toContainEqual(expect.stringMatching(/^label: /u));
    await page.close();
  });
});
