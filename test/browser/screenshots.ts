// `node test/browser/screenshots.ts OUT`: every screen of the window at two sizes in both themes, to be looked at.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { launchBrowser } from './support/browser.ts';
import { startDevPage } from './support/dev-page.ts';
import { walks } from './support/screens.ts';

const [out] = process.argv.slice(2);
if (out === undefined) throw new Error('Usage: node test/browser/screenshots.ts OUT');
mkdirSync(out, { recursive: true });
const sizes = [
  { width: 1920, height: 1080 },
  { width: 1280, height: 720 },
];

async function shoot(page: Page, screen: string, folder: string): Promise<void> {
  for (const size of sizes) {
    await page.setViewportSize(size);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: path.join(folder, `${screen}-${size.width}-${colorScheme}.png`) });
    }
  }
  console.log(screen);
}

const dev = await startDevPage();
const browser = await launchBrowser();
try {
  for (const walk of walks) {
    const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
    await page.goto(dev.url);
    for (const { screen, go } of walk) {
      await go(page);
      await shoot(page, screen, out);
    }
    await page.close();
  }
} finally {
  await browser.close();
  await dev.close();
}
