// Holds a ceremony in a terminal by keyboard: it reads every page of what is shown, and answers what is asked as the people of
// a rehearsal do.
import type { Pane } from './tmux.ts';

const people: Readonly<Record<string, readonly string[]>> = {
  administrator: ['Ada Administrator'],
  officer: ['Olga One', 'Omar Two'],
  witness: ['Wim Witness'],
};

/** What people know or bring with them. */
export interface Hands {
  readonly pins: Readonly<Record<string, string>>;
  readonly record: string;
  /** The papers shares are written on, in the order they were handed out: the words of each. */
  readonly papers: string[];
  /** Whose papers are typed where a share is asked for, counted from 0. */
  readonly typed?: readonly number[];
  /** Sees every page of everything that is asked. */
  readonly look?: (pages: readonly string[]) => void;
}

/** What stands in the frame that says who must act. */
const asked = {
  word: /must act now[^]*?Type (?<word>[A-Z]+) and/u,
  names: /must act now[^]*?Type one (?<role>\w+)’s name/u,
  pin: /must act now[^]*?Type the PIN of "(?<token>[a-z-]+)"/u,
  share: /must act now[^]*?Share (?<number>\d+) of \d+: type its words/u,
} as const;

/** Turns pages to the last one; every page on the way. */
async function readPages(pane: Pane): Promise<readonly string[]> {
  const pages = [await pane.screen()];
  for (let count = 1; count < 20; count += 1) {
    const place = /page (?<number>\d+) of (?<total>\d+)/u.exec(pages.at(-1) ?? '')?.groups;
    if (place === undefined || place['number'] === place['total']) return pages;
    await pane.press('PageDown');
    pages.push(await pane.shows(`page ${count + 1} of ${place['total'] ?? ''}`));
  }
  return pages;
}

/** The words of the share on these pages, in their order. */
function wordsOn(pages: readonly string[]): string {
  const numbered = pages.flatMap((page) =>
    [...page.matchAll(/^\s*(?<first>\d+)((?:\s+[a-z]{3,}){1,8})\s*$/gmu)].map(
      (row) => [Number(row.groups?.['first']), (row[2] ?? '').trim().split(/\s+/u)] as const,
    ),
  );
  return [...new Map(numbered)]
    .sort(([one], [other]) => one - other)
    .flatMap(([, words]) => words)
    .join(' ');
}

/** Everything down to the instruction in the frame, but for the header's newest event: another one is another question. */
function questionOn(screen: string): string {
  const rows = screen.split('\n').filter((row) => !row.startsWith('last event'));
  return rows.slice(0, rows.findIndex((row) => row.includes('must act now')) + 2).join('\n');
}

async function answer(pane: Pane, pages: readonly string[], hands: Hands): Promise<void> {
  const screen = pages.at(-1) ?? '';
  const of = (form: RegExp): Readonly<Record<string, string>> | undefined => form.exec(screen)?.groups;
  const word = of(asked.word)?.['word'];
  const role = of(asked.names)?.['role'];
  const token = of(asked.pin)?.['token'];
  const share = of(asked.share)?.['number'];
  if (word === 'TAKEN') hands.papers.push(wordsOn(pages));
  if (role !== undefined) {
    for (const [index, name] of (people[role] ?? []).entries()) {
      await pane.say(name);
      await pane.shows(`${index + 1} ${name}`);
    }
    await pane.press('Enter');
  } else if (word !== undefined) await pane.say(word);
  else if (token !== undefined) await pane.say(hands.pins[token] ?? '');
  else if (share !== undefined)
    await pane.say(hands.papers[hands.typed?.[Number(share) - 1] ?? Number(share) - 1] ?? '');
  else await pane.say(hands.record);
}

/** Answers until the ceremony is over; the last screen. */
export async function holdByKeyboard(pane: Pane, hands: Hands): Promise<string> {
  for (let prompts = 0; prompts < 100; prompts += 1) {
    const screen = await pane.shows(/must act now|THE CEREMONY IS FINISHED|FAILED/u);
    if (screen.includes('THE CEREMONY IS FINISHED')) return screen;
    if (screen.includes('FAILED')) throw new Error(screen);
    const pages = await readPages(pane);
    hands.look?.(pages);
    const last = pages.at(-1) ?? '';
    await answer(pane, pages, hands);
    await pane.until((now) => !now.includes('must act now') || questionOn(now) !== questionOn(last));
  }
  throw new Error('the ceremony does not end');
}
