// Ceremonies after the root's, each by keyboard on the bundle of the one before it: the bundled program in a real terminal of
// 80 × 24, on SoftHSM. Shares of a PIN are written down from one screen and typed into another.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rehearse } from '../support/rehearse-plan.ts';
import { createRoom, pins, type RehearsalRoom } from '../support/rehearsal-room.ts';
import { softHsmMissing } from '../support/softhsm.ts';
import { freshDist } from './fresh-dist.ts';
import type { Hands } from './hold.ts';
import { holdPlan } from './hold-plan.ts';
import { tmuxMissing } from './tmux.ts';

const missing = softHsmMissing() ?? tmuxMissing();
if (missing !== undefined) console.warn(`SKIPPED test/terminal/later-ceremonies: ${missing}`);

let program: string;
let room: RehearsalRoom;

async function hold(name: string, epoch: number, hands: Hands): Promise<string> {
  return (await holdPlan({ program, room, name, epoch, hands })).pages;
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
  }, 600_000);

  it('the first custodians: five shares, each shown whole, and its code never in halves', async () => {
    const seen = await hold('pin-shares', 3, hands);
    expect(hands.papers).toHaveLength(5);
    expect(new Set(hands.papers).size).toBe(5);
    expect(new Set(hands.papers.map((paper) => paper.split(' ').length)).size).toBe(1);
    expect(seen).toContain('half a code cannot be scanned');
    expect(seen).not.toMatch(/[▀▄█]{2}/u);
  }, 600_000);

  it('other custodians: three of the five type their words, and five new shares are handed out', async () => {
    const old = [...hands.papers];
    await hold('custodian-change', 4, { ...hands, papers: hands.papers, typed: [4, 1, 2] });
    expect(hands.papers).toHaveLength(10);
    expect(hands.papers.slice(0, 5)).toEqual(old);
  }, 600_000);
});
