// Holds a ceremony in a terminal by keyboard: it reads every page of what is shown, and answers what is asked as the people of
// a rehearsal do.
import { systemClock } from '../../core/node/clock.ts';
import { formatUtc } from '../../core/profile/dates.ts';
import type { Pane } from './tmux.ts';

const people: Readonly<Record<string, readonly string[]>> = {
  administrator: ['Ada Administrator'],
  officer: ['Olga One', 'Omar Two'],
  witness: ['Wim Witness'],
};

/** What people know or bring with them. */
export interface Hands {
  readonly pins: Readonly<Record<string, string>>;
  /** Of tokens that are made ready for use: what their security officer chooses. */
  readonly soPins?: Readonly<Record<string, string>>;
  readonly record: string;
  /** The papers shares are written on, in the order they were handed out: the words of each. */
  readonly papers: string[];
  /** Whose papers are typed where a share is asked for, counted from 0. */
  readonly typed?: readonly number[];
  /** Goes no further where a screen shows this. */
  readonly until?: RegExp;
  /** Sees every page of everything that is asked. */
  readonly look?: (pages: readonly string[]) => void;
}

/** Which page is up. Where several panes are on the screen, of the one that the keys turn. */
function placeOn(screen: string): Readonly<Record<string, string | undefined>> | undefined {
  const marked = screen.includes('── » ');
  return (marked ? /── » [^─]+─+ page (?<number>\d+) of (?<total>\d+)/u : /page (?<number>\d+) of (?<total>\d+)/u).exec(
    screen,
  )?.groups;
}

/** Turns pages to the last one; every page on the way. */
export async function readPages(pane: Pane): Promise<readonly string[]> {
  const pages = [await pane.screen()];
  for (let count = 1; count < 20; count += 1) {
    const place = placeOn(pages.at(-1) ?? '');
    if (place === undefined || place['number'] === place['total']) return pages;
    await pane.press('PageDown');
    pages.push(await pane.until((screen) => placeOn(screen)?.['number'] === String(count + 1)));
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

type Found = Readonly<Record<string, string | undefined>>;
type Saying = (found: Found, hands: Hands, pages: readonly string[]) => string;

/** What people type, by what the pages and the frame below them say. */
const sayings: readonly (readonly [asked: RegExp, saying: Saying])[] = [
  [
    /must act now[^]*?Type (?<word>[A-Z]+|[a-z]+(?: [a-z]+){3}) and/u,
    ({ word = '' }, { papers }, pages) => {
      if (word === 'TAKEN') papers.push(wordsOn(pages));
      return word;
    },
  ],
  [
    /must act now[^]*?Type the (?:new )?(?<so>SO )?(?:user )?PIN of\s"(?<token>[a-z-]+)"/u,
    ({ so, token = '' }, { pins, soPins = {} }) => (so === undefined ? pins : soPins)[token] ?? '',
  ],
  [
    /must act now[^]*?Share (?<number>\d+) of \d+: type its words/u,
    ({ number }, { papers, typed }) => papers[typed?.[Number(number) - 1] ?? Number(number) - 1] ?? '',
  ],
  [/Approval (?<number>\d+) of[^]*Type your own name/u, ({ number }) => people['officer']?.[Number(number) - 1] ?? ''],
  [
    /(?<role>[A-Z]+) must act now[^]*Type (?:your own|that person’s) name/u,
    ({ role = '' }) => people[role.toLowerCase()]?.[0] ?? '',
  ],
  [
    /type date and time in\sUTC from your own watch/u,
    () => formatUtc(systemClock.now()).slice(0, 16).replace('T', ' '),
  ],
  [/must act now/u, (_, { record }) => record],
];

async function answer(pane: Pane, pages: readonly string[], hands: Hands): Promise<void> {
  const shown = pages.join('\n');
  const role = /must act now[^]*?Type one (?<role>\w+)’s name/u.exec(shown)?.groups?.['role'];
  if (role !== undefined) {
    for (const [index, name] of (people[role] ?? []).entries()) {
      await pane.say(name);
      await pane.shows(`${index + 1} ${name}`);
    }
    await pane.press('Enter');
    return;
  }
  for (const [asked, saying] of sayings) {
    const found = asked.exec(shown);
    if (found !== null) return pane.say(saying(found.groups ?? {}, hands, pages));
  }
}

/** Answers until the ceremony is over, or until a screen is reached; that screen. */
export async function holdByKeyboard(pane: Pane, hands: Hands): Promise<string> {
  for (let prompts = 0; prompts < 100; prompts += 1) {
    const screen = await pane.shows(/must act now|THE CEREMONY IS FINISHED|FAILED/u);
    if (screen.includes('THE CEREMONY IS FINISHED') || hands.until?.test(screen) === true) return screen;
    if (screen.includes('FAILED')) throw new Error(screen);
    const pages = await readPages(pane);
    hands.look?.(pages);
    const last = pages.at(-1) ?? '';
    await answer(pane, pages, hands);
    await pane.until((now) => !now.includes('must act now') || questionOn(now) !== questionOn(last));
  }
  throw new Error('the ceremony does not end');
}
