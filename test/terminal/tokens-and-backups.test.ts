// Tokens that come new, and a root that must survive the loss of its token: by keyboard, the bundled program in a real terminal
// of 80 × 24 (and once of 120 × 40), on SoftHSM.
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { rehearse } from '../support/rehearse-plan.ts';
import { createRoom, pins, soPins, type RehearsalRoom } from '../support/rehearsal-room.ts';
import { softHsmMissing } from '../support/softhsm.ts';
import { freshDist } from './fresh-dist.ts';
import type { Hands } from './hold.ts';
import { holdPlan } from './hold-plan.ts';
import { tmuxMissing, type Pane } from './tmux.ts';

const missing = softHsmMissing() ?? tmuxMissing();
if (missing !== undefined) console.warn(`SKIPPED test/terminal/tokens-and-backups: ${missing}`);

const hands: Hands = { pins: { ...pins, backup: pins.issuing }, soPins, record: 'RB0001', papers: [] };

/** The security officer's second entry is another one; then everybody starts over. */
async function enterOtherwise(pane: Pane): Promise<void> {
  const enter = async (asked: string, pin: string): Promise<void> => {
    await pane.shows(asked);
    await pane.press('PageDown');
    await pane.say(pin);
  };
  await enter('Type the new SO PIN of "issuing" and', soPins.issuing);
  await enter('Type the new SO PIN of "issuing" once more', `${soPins.issuing.slice(0, -1)}0`);
  await enter('Type the new user PIN of "issuing" and', pins.issuing);
  await enter('Type the new user PIN of "issuing" once more', pins.issuing);
  const failed = await pane.shows('Press R, S or Q');
  expect(failed).toContain('The two entries of the SO PIN differ. The token was not touched.');
  await pane.press('r');
  await pane.shows('Type RETRY');
  // A PIN in the wrong place is not held up for the camera.
  await pane.say(soPins.issuing);
  expect(await pane.shows('Not accepted')).not.toContain(soPins.issuing);
  await pane.say('RETRY');
  await pane.shows('Type the new SO PIN of "issuing" and');
}

describe.skipIf(missing !== undefined)('new tokens and backups, in a terminal', () => {
  let program: string;
  let room: RehearsalRoom;

  beforeAll(async () => {
    program = await freshDist();
  });
  beforeEach(async () => {
    room = await createRoom();
  });
  afterEach(() => {
    room.remove();
  });

  it('a blank token gets PINs that two people choose, and entries that differ touch nothing', async () => {
    await rehearse(room, 'root', 1);
    const aside = { at: /Type the new SO PIN of "issuing" and/u, act: enterOtherwise };
    const { pages, end } = await holdPlan({ program, room, name: 'token-initialization', epoch: 2, hands, aside });
    // The dice table is whole, and says what each die is for.
    expect(pages).toMatch(/the first for\s+the\s+row, the second for the column/u);
    expect(pages).toMatch(/1 2 3 4 5 6\n +1 {2}0 1 2 3 4 5\n(?:.*\n){4} +6 {2}e f - - - -/u);
    expect(end).toMatch(/token initialised +example-corp-i1, in later bindings\s+pkcs11:/u);
    expect(end).toMatch(/kept from before +root-r1, bundle-signer-b1, CRL of root-r1 number 1/u);
    expect(end).not.toContain('certificate made');
  }, 600_000);

  it('a request goes out on a medium, carried by somebody who was named, at 120 × 40', async () => {
    await rehearse(room, 'root', 1);
    const size = [120, 40] as const;
    const { pages, end } = await holdPlan({ program, room, name: 'request-to-another-ca', epoch: 2, hands, size });
    // Who will carry it is not known before, nor how long it will be.
    const [foretold = ''] = pages.split('What happens now', 1);
    expect(foretold).toContain('Give out "issuing-x1.csr.pem"');
    expect(foretold).not.toMatch(/carried by|bytes/u);
    expect(pages).toMatch(/carried by +Ada Administrator/u);
    expect(end).toMatch(/key made +issuing-x1 \(ec-p256\) on token issuing/u);
    expect(room.read('media/issuing-x1-request')).toBe(room.read('held-2/out/issuing-x1.csr.pem'));
  }, 180_000);

  it('a root is backed up, the backup drilled, and the root recovered from it on the second token', async () => {
    const drill = await holdPlan({ program, room, name: 'backup-and-restore-drill', epoch: 1, hands });
    expect(drill.pages).toMatch(/Drill: restore the key "root-r1" on the token "backup"/u);
    // What the dry run made up for itself is not foretold.
    const [foretold = ''] = drill.pages.split('What happens now', 1);
    expect(foretold).toContain('a text with a random number');
    expect(foretold).not.toMatch(/[0-9a-f]{32}/u);
    expect(drill.end).toMatch(/wrapping key made +backup-w1 \(rsa-3072\) on token backup/u);
    const recovered = await holdPlan({ program, room, name: 'root-recovery', epoch: 2, hands });
    expect(recovered.pages).toMatch(/Approval 2 of 2, by any officer or witness who has not\s+approved yet/u);
    expect(recovered.end).toMatch(/key restored +root-r1 \(ec-p384\) on token backup/u);
  }, 240_000);
});
