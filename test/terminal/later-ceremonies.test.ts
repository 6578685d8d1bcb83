// Ceremonies after the root's, each by keyboard on the bundle of the one before it: the bundled program in a real terminal of
// 80 × 24, on SoftHSM. Shares of a PIN are written down from one screen and typed into another.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hexGroups } from '../../core/ceremony/words.ts';
import { exitCodes } from '../../tui/cli/exit-codes.ts';
import { sha256 } from '../support/hierarchy.ts';
import { bundleOf, furnishRoom, rehearse, rootOf } from '../support/rehearse-plan.ts';
import { createRoom, pins, type RehearsalRoom } from '../support/rehearsal-room.ts';
import { softHsmMissing } from '../support/softhsm.ts';
import { freshDist } from './fresh-dist.ts';
import { holdByKeyboard, type Hands } from './hold.ts';
import { openPane, tmuxMissing } from './tmux.ts';

const missing = softHsmMissing() ?? tmuxMissing();
if (missing !== undefined) console.warn(`SKIPPED test/terminal/later-ceremonies: ${missing}`);

let program: string;
let room: RehearsalRoom;

/** Holds a plan that ships as the room's `epoch`th ceremony; everything the terminal ever showed. */
async function hold(name: string, epoch: number, hands: Hands): Promise<string> {
  const { byKeyboard } = furnishRoom(room, name, epoch);
  const pane = await openPane([process.execPath, program, ...byKeyboard], room.directory);
  const seen: string[] = [];
  try {
    await pane.shows('Type BEGIN and');
    await pane.say('BEGIN');
    await pane.until((screen) => !screen.includes('Type BEGIN and'));
    const end = await holdByKeyboard(pane, { ...hands, look: (pages) => seen.push(...pages) });
    expect(end).toContain(hexGroups(sha256(readFileSync(bundleOf(room, epoch)))).slice(0, 35));
    const left = await pane.everything();
    // A share is nowhere once it was taken: not on the screen, not in what scrolled off it.
    for (const paper of hands.papers) expect(left).not.toContain(paper.slice(0, 20));
    await pane.press('q');
    expect(await pane.exitStatus()).toBe(exitCodes.done);
    expect(await pane.everything()).not.toContain(pins.root.slice(0, 9));
  } finally {
    await pane.close();
  }
  const bundle = await room.run('bundle', 'verify', bundleOf(room, epoch), '--root', rootOf(room), '--rehearsal');
  expect(bundle).toMatchObject({ code: exitCodes.done });
  return seen.join('\n');
}

describe.skipIf(missing !== undefined)('ceremonies after the first, in a terminal', () => {
  const hands: Hands = { pins, record: 'RB0001', papers: [] };

  beforeAll(async () => {
    program = await freshDist();
    room = await createRoom();
    await rehearse(room, 'root', 1);
  });

  afterAll(() => {
    room?.remove();
  });

  it('an issuing CA from its CSR: names come from the plan and the key from the CSR', async () => {
    const seen = await hold('intermediate-from-csr', 2, hands);
    expect(seen).toMatch(/subject +C=US, O=Example Corp, CN=REHEARSAL Example Corp\s+Issuing I1/u);
    expect(seen).toContain('nameConstraints (critical)');
    expect(room.read('held-2/out/issuing-i1.pem')).toContain('BEGIN CERTIFICATE');
  }, 180_000);

  it('the first custodians: five shares, each shown whole, and its code never in halves', async () => {
    const seen = await hold('pin-shares', 3, hands);
    expect(hands.papers).toHaveLength(5);
    expect(new Set(hands.papers).size).toBe(5);
    expect(new Set(hands.papers.map((paper) => paper.split(' ').length)).size).toBe(1);
    expect(seen).toContain('half a code cannot be scanned');
    expect(seen).not.toMatch(/[▀▄█]{2}/u);
  }, 180_000);

  it('other custodians: three of the five type their words, and five new shares are handed out', async () => {
    const old = [...hands.papers];
    await hold('custodian-change', 4, { ...hands, papers: hands.papers, typed: [4, 1, 2] });
    expect(hands.papers).toHaveLength(10);
    expect(hands.papers.slice(0, 5)).toEqual(old);
  }, 180_000);
});
