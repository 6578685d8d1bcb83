// Every screen of the window, and how to get there: for the accessibility check, and for the screenshots people look at.
import type { Page } from 'playwright-core';

/** A screen, and the way to it from the one before it in its walk. */
export interface Step {
  readonly screen: string;
  readonly go: (page: Page) => Promise<void>;
}

export async function press(page: Page, name: string | RegExp): Promise<void> {
  await page.getByRole('button', { name }).first().click();
}

/** Reads to the end, so that an answer counts. */
export async function readAll(page: Page): Promise<void> {
  const note = page.getByText('There is more to read above.');
  for (let turns = 0; turns < 60 && (await note.count()) > 0; turns += 1) await page.keyboard.press('PageDown');
}

/** Types into the field that has the keyboard, and Enter. */
export async function say(page: Page, typed: string): Promise<void> {
  await readAll(page);
  await page.keyboard.type(typed);
  await page.keyboard.press('Enter');
}

/** Waits for an act, by its headline; all of it. */
export function act(page: Page, headline: string): Promise<string> {
  return page.getByRole('heading', { level: 1, name: headline }).innerText();
}

/** Waits until a role must type a word, reads everything, and types it. */
export async function confirm(page: Page, role: string, word: string): Promise<void> {
  await page.getByRole('heading', { name: `${role} must act now` }).waitFor();
  await page.getByLabel(`Type ${word}`).waitFor();
  await say(page, word);
}

async function nameEverybody(page: Page): Promise<void> {
  const people = { administrator: ['Ada Administrator'], officer: ['Olga One', 'Omar Two'], witness: ['Wim Witness'] };
  for (const [role, names] of Object.entries(people)) {
    await page.getByLabel(`Name of one ${role}`).waitFor();
    for (const name of names) await say(page, name);
    await page.keyboard.press('Enter');
  }
}

/** From the home screen to a ceremony that is open and waits for its first word. */
export async function openPlan(page: Page, title: string): Promise<void> {
  await press(page, `Choose this plan: ${title}`);
  await page.getByLabel('This is a rehearsal').check();
  await press(page, 'Check everything');
  await page.getByRole('heading', { name: 'The preflight passed' }).waitFor();
  await press(page, 'Open the ceremony');
  await page.getByLabel('Type BEGIN').waitFor();
}

export async function begin(page: Page, title: string): Promise<void> {
  await openPlan(page, title);
  await say(page, 'BEGIN');
}

/** To the question for a PIN, by way of a plan that begins with it. */
export async function untilPin(page: Page): Promise<void> {
  await begin(page, 'Open Token Corp Root');
  await page.getByLabel('PIN of the token').waitFor();
}

async function generate(page: Page, title: string): Promise<void> {
  await begin(page, title);
  await confirm(page, 'ADMINISTRATOR', 'GENERATE');
  await confirm(page, 'OFFICER', 'GENERATE');
}

function past(action: string, title = 'Finished Corp Root'): (page: Page) => Promise<void> {
  return async (page) => {
    await press(page, `${action}: ${title}`);
    await page.getByRole('button', { name: 'Back to all ceremonies' }).waitFor();
  };
}

function tab(name: string): (page: Page) => Promise<void> {
  return (page) => page.getByRole('tab', { name }).click();
}

/** The root ceremony from one end to the other. */
const whole: readonly Step[] = [
  { screen: 'home', go: (page) => page.getByRole('heading', { name: 'Hold a ceremony' }).waitFor() },
  {
    screen: 'check',
    go: async (page) => {
      await press(page, 'Choose this plan: Example Corp Root R1');
      await page.getByLabel('This is a rehearsal').check();
    },
  },
  {
    screen: 'preflight-passed',
    go: async (page) => {
      await press(page, 'Check everything');
      await page.getByRole('heading', { name: 'The preflight passed' }).waitFor();
    },
  },
  {
    screen: 'opening',
    go: async (page) => {
      await press(page, 'Open the ceremony');
      await page.getByLabel('Type BEGIN').waitFor();
    },
  },
  {
    screen: 'attendance',
    go: async (page) => {
      await say(page, 'BEGIN');
      await page.getByLabel('Name of one administrator').waitFor();
      await page.keyboard.type('Ada Admin');
    },
  },
  {
    screen: 'room',
    go: async (page) => {
      await page.getByLabel('Name of one administrator').fill('');
      await nameEverybody(page);
      await act(page, 'Check the machine');
    },
  },
  {
    screen: 'text',
    go: async (page) => {
      await confirm(page, 'ADMINISTRATOR', 'CORRECT');
      await act(page, 'What is the number');
    },
  },
  {
    screen: 'pin',
    go: async (page) => {
      await say(page, 'RB0001');
      await act(page, 'Open the token');
    },
  },
  {
    screen: 'pin-keyboard',
    go: async (page) => {
      await press(page, 'On-screen keyboard');
      await page.getByRole('button', { name: 'q', exact: true }).click();
    },
  },
  {
    screen: 'inventory',
    go: async (page) => {
      await page.getByLabel('PIN of the token').focus();
      await say(page, '123456');
      await act(page, 'List what is on');
      await page.getByLabel('Type CORRECT').waitFor();
    },
  },
  {
    screen: 'generate',
    go: async (page) => {
      await confirm(page, 'OFFICER', 'CORRECT');
      await act(page, 'Generate the key');
      await page.getByLabel('Type GENERATE').waitFor();
    },
  },
  {
    screen: 'sign',
    go: async (page) => {
      await confirm(page, 'ADMINISTRATOR', 'GENERATE');
      await confirm(page, 'OFFICER', 'GENERATE');
      await act(page, 'Sign the root');
      await page.getByLabel('Type SIGN').waitFor();
    },
  },
  {
    screen: 'ended',
    go: async (page) => {
      await confirm(page, 'ADMINISTRATOR', 'SIGN');
      await confirm(page, 'OFFICER', 'SIGN');
      await act(page, 'Sign CRL 1');
      await confirm(page, 'ADMINISTRATOR', 'SIGN');
      await confirm(page, 'ADMINISTRATOR', 'EXPORT');
      await act(page, 'The ceremony is finished');
    },
  },
  {
    screen: 'export',
    go: async (page) => {
      await press(page, 'Export to removable media');
      await page.getByLabel(/SAFE-2/u).waitFor();
    },
  },
  {
    screen: 'receipt',
    go: async (page) => {
      await page.getByLabel(/SAFE-2/u).check();
      await press(page, 'Copy, read back and compare');
      await page.getByRole('heading', { level: 1, name: 'Receipt' }).waitFor();
    },
  },
];

/** Each walk starts from the home screen of a fresh page. Sentinel plans make what cannot be waited for (dev/story.ts). */
export const walks: readonly (readonly Step[])[] = [
  whole,
  [
    {
      screen: 'preflight-failed',
      go: async (page) => {
        await press(page, 'Choose this plan: Preflight Fails Corp Root');
        await press(page, 'Check everything');
        await page.getByRole('heading', { name: 'The preflight found 2 faults' }).waitFor();
      },
    },
  ],
  [
    { screen: 'pin-keypad', go: (page) => begin(page, 'Keypad Corp Root') },
    {
      screen: 'aside',
      go: async (page) => {
        await press(page, 'Note, pause, leave…');
        await page.getByRole('radio', { name: 'Note a deviation' }).check();
        await page.getByLabel('Type NOTE').waitFor();
      },
    },
    {
      screen: 'paused',
      go: async (page) => {
        await page.getByRole('radio', { name: 'Pause' }).check();
        await page.getByLabel('Why?').fill('The camera has stopped.');
        await page.getByLabel('Who says so?').fill('Ada Administrator');
        await page.getByLabel('Type PAUSE').fill('PAUSE');
        await page.keyboard.press('Enter');
        await act(page, 'The ceremony is paused');
      },
    },
  ],
  [
    {
      screen: 'working',
      go: async (page) => {
        await generate(page, 'Slow Key Corp Root');
        await page.getByText('Doing it, and verifying what was made').first().waitFor();
      },
    },
  ],
  [
    {
      screen: 'failed',
      go: async (page) => {
        await generate(page, 'Failing Key Corp Root');
        await page.getByText('FAILED: Act 1').waitFor();
      },
    },
  ],
  [
    {
      screen: 'resume-waits',
      go: async (page) => {
        await press(page, 'Resume: Busy Corp Root');
        await page.getByText('Waiting until the device has finished').waitFor();
      },
    },
  ],
  [
    {
      screen: 'found',
      go: async (page) => {
        await press(page, 'Resume: Interrupted Corp Root');
        await page.getByLabel('Type RESUME').waitFor();
        await say(page, 'RESUME');
        await page.getByRole('radio', { name: 'Destroy it' }).check();
        await page.getByLabel('Type DESTROY').waitFor();
      },
    },
  ],
  [
    { screen: 'verify', go: past('Verify') },
    {
      screen: 'verify-failed',
      go: async (page) => {
        await press(page, 'Back to all ceremonies');
        await past('Verify', 'Tampered Corp Root')(page);
        await page.getByText('It does NOT verify').waitFor();
      },
    },
  ],
  [
    { screen: 'viewer-fields', go: past('Look at what it made') },
    { screen: 'viewer-der', go: tab('DER in hex') },
    { screen: 'viewer-pem', go: tab('PEM') },
    { screen: 'viewer-qr', go: tab('QR code') },
  ],
  [{ screen: 'transcript', go: past('Transcript') }],
];
