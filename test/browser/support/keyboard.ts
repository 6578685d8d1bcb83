// The window by keyboard alone: no pointer, no element picked but by what it says.
import type { Page } from 'playwright-core';

const mostTabs = 120;

/** What the element that has the keyboard is called: its own name, and the labels of a field. */
function focused(page: Page): Promise<{ readonly name: string; readonly label: string }> {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (!(element instanceof HTMLElement)) return { name: '', label: '' };
    const labels = element instanceof HTMLInputElement ? [...(element.labels ?? [])] : [];
    const label = labels.map(({ innerText }) => innerText).join(' ');
    return { name: element.getAttribute('aria-label') ?? element.innerText, label };
  });
}

/** Tabs on until the button of exactly this name, or a field whose label holds it, has the keyboard. */
export async function tabTo(page: Page, wanted: string): Promise<void> {
  for (let tabs = 0; tabs < mostTabs; tabs += 1) {
    const { name, label } = await focused(page);
    if (name === wanted || label.includes(wanted)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`"${wanted}" is not reached by Tab`);
}

/** Presses a button by keyboard. */
export async function pressByKey(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name, exact: true }).first().waitFor();
  await tabTo(page, name);
  await page.keyboard.press('Enter');
}

/** Chooses one of a group of radio buttons by the arrow keys. */
export async function chooseByKey(page: Page, group: string, choice: string): Promise<void> {
  const radios = page.getByRole('group', { name: group }).getByRole('radio');
  await radios.first().waitFor();
  for (let tabs = 0; tabs < mostTabs; tabs += 1) {
    if ((await radios.and(page.locator(':focus')).count()) > 0) break;
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Space');
  for (let steps = 0; steps < (await radios.count()); steps += 1) {
    if ((await focused(page)).label.includes(choice)) return;
    await page.keyboard.press('ArrowDown');
  }
  throw new Error(`"${choice}" is not among the choices`);
}

/** From the home screen to the rehearsal of a plan that waits for its first word. */
export async function openByKey(page: Page, plan: string, binding: string): Promise<void> {
  await pressByKey(page, `Choose this plan: ${plan}`);
  await chooseByKey(page, 'Binding', binding);
  await tabTo(page, 'This is a rehearsal');
  await page.keyboard.press('Space');
  await pressByKey(page, 'Check everything');
  await page.getByRole('heading', { name: 'The preflight passed' }).waitFor();
  await pressByKey(page, 'Open the ceremony');
  await page.getByLabel('Type BEGIN').waitFor();
}
