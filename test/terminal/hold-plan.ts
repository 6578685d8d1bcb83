// Holds a plan that ships in a terminal, by keyboard, from its first word to a bundle that the loader takes.
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { hexGroups } from '../../core/ceremony/words.ts';
import { exitCodes } from '../../tui/cli/exit-codes.ts';
import { sha256 } from '../support/hierarchy.ts';
import { bundleOf, furnishRoom, rootOf } from '../support/rehearse-plan.ts';
import type { RehearsalRoom } from '../support/rehearsal-room.ts';
import { holdByKeyboard, readPages, type Hands } from './hold.ts';
import { openPane, type Pane } from './tmux.ts';

export interface PlanToHold {
  /** The bundled program. */
  readonly program: string;
  readonly room: RehearsalRoom;
  readonly name: string;
  /** Which ceremony of the room it is, from 1. */
  readonly epoch: number;
  readonly hands: Hands;
  /** Of the terminal; 80 × 24 where nothing is said. */
  readonly size?: readonly [columns: number, rows: number];
  /** What people do by themselves where a screen shows this. */
  readonly aside?: { readonly at: RegExp; readonly act: (pane: Pane) => Promise<void> };
}

/** What was seen of a ceremony. */
export interface Seen {
  /** Every page of everything that was asked. */
  readonly pages: string;
  /** Every page of the last screen. */
  readonly end: string;
}

async function holdIn(pane: Pane, { room, epoch, hands, aside }: PlanToHold): Promise<Seen> {
  const seen: string[] = [];
  const own: Hands = { ...hands, look: (pages) => seen.push(...pages) };
  await pane.shows('Type BEGIN and');
  seen.push(...(await readPages(pane)));
  await pane.say('BEGIN');
  await pane.until((screen) => !screen.includes('Type BEGIN and'));
  if (aside !== undefined) {
    await holdByKeyboard(pane, { ...own, until: aside.at });
    await aside.act(pane);
  }
  const end = await holdByKeyboard(pane, own);
  expect(end).toContain(hexGroups(sha256(readFileSync(bundleOf(room, epoch)))).slice(0, 35));
  const pages = (await readPages(pane)).join('\n');
  // A secret is nowhere once it was taken: not on the screen, not in what scrolled off it.
  const left = await pane.everything();
  const { papers, pins, soPins = {} } = hands;
  for (const secret of [...papers, ...Object.values(pins), ...Object.values(soPins)]) {
    expect(left).not.toContain(secret.slice(0, 20));
  }
  await pane.press('q');
  expect(await pane.exitStatus()).toBe(exitCodes.done);
  return { pages: seen.join('\n'), end: pages };
}

/** Holds a plan as the room's `epoch`th ceremony; its journal and its bundle must verify. */
export async function holdPlan(held: PlanToHold): Promise<Seen> {
  const { program, room, name, epoch, size = [80, 24] } = held;
  const { byKeyboard } = furnishRoom(room, name, epoch);
  const pane = await openPane([process.execPath, program, ...byKeyboard], room.directory, ...size);
  let seen: Seen;
  try {
    seen = await holdIn(pane, held);
  } finally {
    await pane.close();
  }
  const bundle = await room.run('bundle', 'verify', bundleOf(room, epoch), '--root', rootOf(room), '--rehearsal');
  expect(bundle).toMatchObject({ code: exitCodes.done });
  return seen;
}
