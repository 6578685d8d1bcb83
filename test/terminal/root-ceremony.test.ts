// The root ceremony as people hold it: the bundled program in a real terminal of 80 × 24, every answer by keyboard, on
// fresh SoftHSM tokens.
import { existsSync, readFileSync } from 'node:fs';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hexGroups, wordRows } from '../../core/ceremony/words.ts';
import { exitCodes } from '../../tui/cli/exit-codes.ts';
import { sha256 } from '../support/hierarchy.ts';
import { pemBytes } from '../support/rehearse-plan.ts';
import { createRoom, pins, shippedPlan, type RehearsalRoom } from '../support/rehearsal-room.ts';
import { softHsmMissing } from '../support/softhsm.ts';
import { freshDist } from './fresh-dist.ts';
import { openPane, tmuxMissing, type Pane } from './tmux.ts';

const missing = softHsmMissing() ?? tmuxMissing();
if (missing !== undefined) console.warn(`SKIPPED test/terminal/root-ceremony: ${missing}`);

/** The root token's PIN, and a part of it that nothing else on a screen says. */
const canary = pins.root;
const canaryPart = canary.slice(0, 9);

let program: string;
let room: RehearsalRoom;
let pane: Pane | undefined;

async function hold(...args: readonly string[]): Promise<Pane> {
  pane = await openPane([process.execPath, program, 'ceremony', ...args], room.directory);
  return pane;
}

function begin(): Promise<Pane> {
  return hold('run', shippedPlan('root'), '--binding', 'root-binding.yaml', '--rehearse', '--dir', 'held');
}

/** Turns pages to the last one; every page on the way. */
async function readAll(own: Pane): Promise<string> {
  let pages = await own.screen();
  for (let count = 1; count < 20; count += 1) {
    const place = /page (?<number>\d+) of (?<total>\d+)/u.exec(await own.screen())?.groups;
    if (place === undefined || place['number'] === place['total']) return pages;
    await own.press('PageDown');
    pages += await own.shows(`page ${count + 1} of ${place['total'] ?? ''}`);
  }
  return pages;
}

/** Waits until a role must type a word, reads everything, and types it. */
async function confirm(own: Pane, role: string, word: string): Promise<string> {
  await own.shows(new RegExp(`${role} must act now ─*\\s*Type ${word} and`, 'u'));
  const pages = await readAll(own);
  await own.say(word);
  return pages;
}

async function nameEverybody(own: Pane): Promise<void> {
  const people = { administrator: ['Ada Administrator'], officer: ['Olga One', 'Omar Two'], witness: ['Wim Witness'] };
  for (const [role, names] of Object.entries(people)) {
    await own.shows(`Type one ${role}’s name`);
    for (const [index, name] of names.entries()) {
      await own.say(name);
      await own.shows(`${index + 1} ${name}`);
    }
    await own.press('Enter');
  }
}

describe.skipIf(missing !== undefined)('the root ceremony in a terminal', () => {
  beforeAll(async () => {
    program = await freshDist();
  });

  beforeEach(async () => {
    room = await createRoom();
  });

  afterEach(async () => {
    await pane?.close();
    pane = undefined;
    room.remove();
  });

  it('is held by keyboard alone, from the plan’s words to the bundle’s', async () => {
    const own = await begin();
    const planHash = sha256(readFileSync(shippedPlan('root')));

    const overview = await own.shows('Type BEGIN and press Enter.');
    expect(overview).toContain('REHEARSAL: nothing made today is to be trusted');
    for (const row of wordRows(planHash)) expect(overview).toContain(row);
    expect(overview).toContain(hexGroups(planHash).slice(0, 35));
    const plan = await readAll(own);
    expect(plan).toContain(`serial ${room.serials.root}`);
    expect(plan).toContain(' 8. Sign the root certificate "Example Corp Root R1"');
    await own.say('BEGIN');

    await nameEverybody(own);
    expect(await confirm(own, 'ADMINISTRATOR', 'CORRECT')).toContain('! WARNING');
    await own.shows('Type it and press Enter.');
    await own.say('RB0001');
    await confirm(own, 'ADMINISTRATOR', 'CONFIRMED');
    await confirm(own, 'WITNESS', 'CONFIRMED');

    await own.shows('Type the PIN of "root"');
    await own.type(canary);
    expect(await own.shows('••••••••')).not.toContain(canaryPart);
    await own.press('Enter');

    for (const role of ['ADMINISTRATOR', 'OFFICER']) await confirm(own, role, 'GENERATE');

    await own.shows(/act 8 of 14[\s\S]*Type SIGN and/u);
    const certificate = await readAll(own);
    expect(certificate).toMatch(/subject +C=US, O=Example Corp, CN=REHEARSAL Example Corp Root R1/u);
    expect(certificate).toContain('TBS SHA-256');
    const hex = /TBS SHA-256 +(?<first>[0-9a-f ]{35})\s+(?<second>[0-9a-f ]{35})/u.exec(certificate)?.groups ?? {};
    const digest = `${hex['first'] ?? ''}${hex['second'] ?? ''}`.replaceAll(' ', '');
    for (const row of wordRows(digest)) expect(certificate).toContain(row);

    await own.say('SIGM');
    await own.shows('Not accepted: "SIGM". Type SIGN, exactly, in capitals.');
    expect(existsSync(room.path('held/out/root-r1.pem'))).toBe(false);
    for (const role of ['ADMINISTRATOR', 'OFFICER']) await confirm(own, role, 'SIGN');

    await confirm(own, 'ADMINISTRATOR', 'GENERATE');
    await own.shows('act 10 of 14');
    await confirm(own, 'ADMINISTRATOR', 'SIGN');
    await own.shows('act 11 of 14');
    await confirm(own, 'ADMINISTRATOR', 'SIGN');
    const heard: string[] = [];
    for (const role of ['ADMINISTRATOR', 'WITNESS']) heard.push(await confirm(own, role, 'HEARD'));
    await confirm(own, 'ADMINISTRATOR', 'EXPORT');

    const end = await own.shows('THE CEREMONY IS FINISHED');
    // What everybody pins was on the screen, in words, while they were in the room.
    const fingerprint = sha256(pemBytes(room.read('held/out/root-r1.pem')));
    for (const pages of heard) for (const row of wordRows(fingerprint)) expect(pages).toContain(row);
    const bundle = readFileSync(room.path('held/out/example-corp-1-rehearsal.coldroot'));
    for (const row of wordRows(sha256(bundle))) expect(end).toContain(row);
    expect(end).toContain(hexGroups(sha256(bundle)).slice(0, 35));
    expect(await readAll(own)).toContain(room.path('held/journal.db'));
    expect(await own.everything()).not.toContain(canaryPart);

    await own.press('q');
    expect(await own.exitStatus()).toBe(exitCodes.done);
    expect(await own.everything()).toContain('finished: 14 acts');
    expect(await own.everything()).not.toContain(canaryPart);
    expect(readFileSync(room.path('held/journal.db'), 'latin1')).not.toContain(canaryPart);
  }, 600_000);

  it('follows the window when it is resized', async () => {
    const own = await begin();
    await own.shows('Type BEGIN and press Enter.');
    expect(await own.screen()).not.toContain('Overview ─');
    await own.resize(120, 40);
    const wide = await own.shows('Overview ─');
    expect(wide).toContain('Transcript ─');
    expect(wide).toContain('Type BEGIN and press Enter.');
    await own.resize(50, 15);
    await own.shows('Make it at least');
    await own.resize(80, 24);
    const narrow = await own.shows('Type BEGIN and press Enter.');
    expect(narrow).not.toContain('Overview ─');
    expect(narrow.trimEnd().split('\n').length).toBeLessThanOrEqual(24);
  });

  it('can be left by Ctrl-C and LEAVE, and taken up again by keyboard', async () => {
    const first = await begin();
    await first.shows('Type BEGIN and press Enter.');
    await first.say('BEGIN');
    await nameEverybody(first);
    // What is typed while an act is at work goes into another dialog, which closes with it.
    await first.shows(/act 2 of 14[\s\S]*Type CORRECT and/u);
    await first.press('C-c');
    await first.shows('Leave or stop?');
    await first.say('yes');
    await first.shows('Not accepted: "yes"');
    await first.say('LEAVE');
    expect(await first.exitStatus()).toBe(exitCodes.actFailed);
    expect(await first.screen()).toContain('not finished: resume with: coldroot ceremony resume');
    await first.close();

    const second = await hold('resume', 'held');
    expect(await second.shows('Type RESUME and press Enter.')).toContain('act 2 of 14');
    await second.say('RESUME');
    await confirm(second, 'ADMINISTRATOR', 'CORRECT');
    await second.shows(/act 3 of 14[\s\S]*Type it and press Enter/u);
    await second.press('Tab');
    await second.shows(/NOW +3\. What is the number/u);
    await second.press('PageDown');
    await second.shows('Olga One');
    await second.press('C-c');
    await second.shows('Leave or stop?');
    await second.say('STOP');
    await second.shows('THE CEREMONY WAS STOPPED');
    await second.press('q');
    expect(await second.exitStatus()).toBe(exitCodes.aborted);
  });
});
