import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { eventWords } from '../../core/ceremony/event-words.ts';
import { text } from '../../desktop/renderer/text.ts';
import { browserMissing, launchBrowser } from './support/browser.ts';
import { startDevPage, type DevPage } from './support/dev-page.ts';
import { act, begin, confirm, openPlan, press, readAll, say, untilPin } from './support/screens.ts';

const missing = browserMissing();
if (missing !== undefined) console.warn(`NOT CHECKED: how the window behaves in a browser. ${missing}`);

const canary = 'Zq7x-kanarie-W4v9';

let browser: Browser;
let dev: DevPage;
let page: Page;

/** Everything of the page that anybody could read: its document as it stands, and what its fields hold. */
function everythingIn(own: Page): Promise<string> {
  return own.evaluate(() => {
    const fields = [...document.querySelectorAll('input')].map(({ value }) => value);
    return [document.documentElement.outerHTML, ...fields, location.href, JSON.stringify(history.state)].join('\n');
  });
}

describe.skipIf(missing !== undefined)('the window', () => {
  beforeAll(async () => {
    dev = await startDevPage();
    browser = await launchBrowser();
  });

  afterAll(async () => {
    await browser?.close();
    await dev?.close();
  });

  beforeEach(async () => {
    page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
    await page.goto(dev.url);
  });

  afterEach(async () => {
    await page.close();
  });

  it('never has a PIN in the document, not while it is typed and not afterwards', async () => {
    await untilPin(page);
    await page.keyboard.type(canary);
    await page.getByText('Something is typed.').waitFor();
    expect(await everythingIn(page)).not.toContain(canary.slice(0, 4));
    await readAll(page);
    await page.keyboard.press('Enter');
    await act(page, 'List what is on');
    expect(await everythingIn(page)).not.toContain(canary.slice(0, 4));
  });

  it('clears a PIN by Backspace, refuses one that is pasted, and says when Caps Lock is on', async () => {
    await untilPin(page);
    await page.keyboard.type('wro');
    await page.keyboard.press('Backspace');
    await page.getByText('Nothing is typed.').waitFor();
    await readAll(page);
    await page.keyboard.press('Enter');
    await page.getByText('No PIN was typed.').waitFor();
    const field = page.getByLabel('PIN of the token');
    await field.evaluate((input) => {
      const data = new DataTransfer();
      data.setData('text/plain', '123456');
      input.dispatchEvent(new InputEvent('beforeinput', { inputType: 'insertFromPaste', cancelable: true }));
      input.dispatchEvent(new KeyboardEvent('keyup', { key: 'A', modifierCapsLock: true }));
    });
    await page.getByText('A PIN is typed, never pasted.').waitFor();
    await page.getByText('Caps Lock is on.').waitFor();
    expect(await field.inputValue()).toBe('');
  });

  it('takes a PIN from the on-screen keyboard, and says when it was wrong', async () => {
    await untilPin(page);
    await press(page, 'On-screen keyboard');
    for (const key of 'wrong') await page.getByRole('button', { name: key, exact: true }).click();
    await readAll(page);
    await press(page, 'Hand over the PIN');
    await page.getByText('The PIN is wrong. Type the right one.').waitFor();
    await page.getByLabel('PIN of the token').focus();
    await say(page, 'right');
    expect(await act(page, 'List what is on')).toContain('List what is on');
  });

  it('takes nothing but the exact word', async () => {
    await openPlan(page, 'Example Corp Root R1');
    await say(page, 'begin');
    await page.getByText('Not accepted: “begin”. Type BEGIN, exactly, in capitals.').waitFor();
    await act(page, 'What is about to happen');
    await say(page, 'BEGIN');
    expect(await act(page, 'Record who is in the room')).toContain('Record who is in the room');
  });

  it('takes no answer before everything was read', async () => {
    await openPlan(page, 'Example Corp Root R1');
    await page.keyboard.type('BEGIN');
    await page.keyboard.press('Enter');
    const button = page.getByRole('button', { name: 'Begin the ceremony' });
    expect(await button.getAttribute('aria-disabled')).toBe('true');
    await act(page, 'What is about to happen');
    await say(page, '');
    await act(page, 'Record who is in the room');
  });

  it('names nobody twice, and not fewer people than are needed', async () => {
    await begin(page, 'Example Corp Root R1');
    await page.getByLabel('Name of one administrator').waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('1 must be named; so far 0.').waitFor();
    await say(page, 'Ada Administrator');
    await page.keyboard.press('Enter');
    await page.getByLabel('Name of one officer').waitFor();
    await say(page, 'Olga One');
    await say(page, 'olga  one');
    expect(await page.getByText('Not accepted: a person is named twice.').innerText()).toContain(
      'Not accepted: a person is named twice.',
    );
  });

  it('stops only by a word typed in full, and Esc goes back to the ceremony', async () => {
    await begin(page, 'Open Token Corp Root');
    await press(page, 'Note, pause, leave…');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await press(page, 'Note, pause, leave…');
    await page.getByRole('radio', { name: 'Stop for good' }).check();
    await page.getByLabel('Why?').fill('The bag was open.');
    await page.getByLabel('Type STOP').fill('stop');
    await page.keyboard.press('Enter');
    await page.getByText('Not accepted: “stop”.').waitFor();
    await page.getByLabel('Type STOP').fill('STOP');
    await page.keyboard.press('Enter');
    expect(await act(page, 'The ceremony was stopped')).toContain('The ceremony was stopped');
  });

  it('notes a deviation and pauses, with reason and name, and goes on when a person says so', async () => {
    await begin(page, 'Open Token Corp Root');
    await press(page, 'Note, pause, leave…');
    await page.getByRole('radio', { name: 'Note a deviation' }).check();
    await page.getByLabel('Type NOTE').fill('NOTE');
    await page.keyboard.press('Enter');
    await page.getByText('Each line needs at least 3 characters.').waitFor();
    await page.getByLabel('What did not go as planned?').fill('The clock is late.');
    await page.getByLabel('What was the cause').fill('not known');
    await page.getByLabel('What was decided?').fill('to go on');
    await page.getByLabel('Who decided it?').fill('Ada Administrator, Olga One');
    await page.getByLabel('Type NOTE').focus();
    await page.keyboard.press('Enter');
    await page.getByText('1 deviation was noted').waitFor();
    await press(page, 'Note, pause, leave…');
    await page.getByRole('radio', { name: 'Pause' }).check();
    await page.getByLabel('Why?').fill('The camera has stopped.');
    await page.getByLabel('Who says so?').fill('Ada Administrator');
    await page.getByLabel('Type PAUSE').fill('PAUSE');
    await page.keyboard.press('Enter');
    await act(page, 'The ceremony is paused');
    await page.getByText('The camera has stopped.').first().waitFor();
    await page.getByLabel('Your own name').waitFor();
    await say(page, 'Ada Administrator');
    await page.getByText('another person than Ada Administrator must say so').waitFor();
    await page.getByLabel('Your own name').fill('');
    await say(page, 'Olga One');
    await page.getByText('Let the ceremony go on').waitFor();
    await say(page, 'Wim Witness');
    expect(await act(page, 'Open the token')).toContain('Open the token');
  });

  it('shows how long an act works already, and the failure of one with what to do, and retries it', async () => {
    await begin(page, 'Failing Key Corp Root');
    for (const role of ['ADMINISTRATOR', 'OFFICER']) await confirm(page, role, 'GENERATE');
    await page.getByText('The device did not answer for 120 seconds.').waitFor();
    await page.getByText('Take it out, put it back').waitFor();
    await say(page, 'RETRY');
    expect(await act(page, 'Sign the root')).toContain('Sign the root');
  });

  it('asks for a word on top of a choice that cannot be undone', async () => {
    await press(page, 'Resume: Interrupted Corp Root');
    await page.getByLabel('Type RESUME').waitFor();
    await say(page, 'RESUME');
    await page.getByRole('radio', { name: 'Destroy it' }).check();
    await say(page, '');
    await page.getByText('Nothing was typed. Type DESTROY.').waitFor();
    await page.getByLabel('Type DESTROY').focus();
    await say(page, 'DESTROY');
    expect(await act(page, 'Sign the root')).toContain('Sign the root');
  });

  it('says, while a ceremony is taken up again, that the device is still busy with what it was doing', async () => {
    const busy = 'Waiting until the device has finished what it was doing when the ceremony was interrupted…';
    expect(await page.getByText(busy).count()).toBe(0);
    await press(page, 'Resume: Busy Corp Root');
    await page.getByRole('status').getByText(busy).waitFor();
    expect(await page.getByText(busy).count()).toBe(1);
  });

  it('prints the transcript as a paper, without controls', async () => {
    await press(page, 'Transcript: Finished Corp Root');
    await page.getByText('Hash of the journal’s last record').waitFor();
    await page.emulateMedia({ media: 'print' });
    expect(await page.getByRole('button', { name: 'Print' }).isVisible()).toBe(false);
    expect((await page.pdf({ preferCSSPageSize: true })).subarray(0, 5).toString()).toBe('%PDF-');
  });

  it('shows the whole of the longest last event beside the mark of a rehearsal, also in large type', async () => {
    await begin(page, 'Open Token Corp Root');
    const none = { kind: 'found', act: null, typed: null, named: null, by: null };
    const longest = [
      none,
      { ...none, kind: 'intend' },
      { ...none, typed: 'W'.repeat(12), by: 'administrator' },
      { ...none, typed: 'x '.repeat(20) },
    ].map(eventWords);
    const cut = (): Promise<string[]> =>
      page.locator('.last-event').evaluate(
        (element, events) =>
          events.filter((event) => {
            element.textContent = event;
            return element.scrollHeight > element.clientHeight;
          }),
        longest.map((event) => text.lastEvent(event)),
      );
    expect(await cut()).toEqual([]);
    await page.getByRole('button', { name: 'Large type' }).click();
    expect(await cut()).toEqual([]);
  });

  it('changes its looks by the keyboard, and remembers them in the page only', async () => {
    const look = (): Promise<string[]> =>
      page.evaluate(() => {
        const { theme = '', contrast = '', type = '' } = document.documentElement.dataset;
        return [theme, contrast, type];
      });
    for (const name of ['Theme: system’s', 'High contrast', 'Large type']) {
      await page.getByRole('button', { name }).focus();
      await page.keyboard.press('Enter');
    }
    expect(await look()).toEqual(['light', 'high', 'large']);
    await page.reload();
    await page.getByRole('button', { name: 'Theme: system’s' }).waitFor();
    expect(await look()).toEqual(['auto', 'normal', 'normal']);
  });
});
