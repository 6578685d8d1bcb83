import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

/** Where distributions put it; COLDROOT_CHROMIUM names another place. */
const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

function executable(): string | undefined {
  const named = process.env['COLDROOT_CHROMIUM'];
  return [...(named === undefined ? [] : [named]), ...places].find((file) => existsSync(file));
}

/** Why there is no browser here, or undefined: for tests to skip with, loudly. */
export function browserMissing(): string | undefined {
  return executable() === undefined ? 'Chromium is not installed (Debian: apt-get install chromium)' : undefined;
}

/** A browser that talks to nobody but who the test starts; its profile is fresh and goes with it. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = executable();
  if (executablePath === undefined) throw new Error(browserMissing());
  return chromium.launch({
    executablePath,
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
