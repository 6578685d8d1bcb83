import { beforeEach, describe, expect, it } from 'vitest';
import type { Ceremony } from '../../../core/ceremony/run.ts';
import { rootPlan } from '../../support/memory/recording.ts';
import { edited } from '../../support/edited.ts';
import { readShipped } from '../../support/ready-plans.ts';
import { memoryPins, MemoryRoom, memorySoPins } from '../../support/memory/room.ts';

const open = '  - { do: open-token, token: root }\n';

/** The root ceremony, on a token that it makes ready for use first. */
function planWith(more = '', by = '[administrator, officer]'): string {
  const made = `  - { do: init-token, token: root, label: r1, so-pin: { length: 16 }, by: ${by}${more} }\n`;
  if (!rootPlan.includes(open)) throw new Error('the root plan opens no token');
  return rootPlan.replace(open, `${made}${open}`);
}

const wiping = planWith(', wipe: true');

/** Root and issuing CA, each on a token that is made ready for use first. */
const bothNew = ['root', 'issuing'].reduce(
  (text, token) =>
    edited(text, [
      `  - { do: open-token, token: ${token} }\n`,
      `  - { do: init-token, token: ${token}, label: new-${token}, by: [administrator, officer] }\n  - { do: open-token, token: ${token} }\n`,
    ]),
  readShipped('two-tier').text,
);

let room: MemoryRoom;
beforeEach(() => {
  room = new MemoryRoom();
  room.root.makeBlank();
  room.setting = { ...room.setting, tokens: { root: 'blank:' } };
});

function inUse(soPin: string = memorySoPins.root): void {
  room = new MemoryRoom();
  room.root.soPin = soPin;
}

function initialisations(): number {
  return room.root.calls.filter((call) => call === 'initialize').length;
}

/** Plays until the first PIN of the token is asked for; answers come from the test then. */
async function untilPins(plan = planWith()): Promise<Ceremony> {
  const ceremony = await room.begin(plan);
  await room.playUntil(ceremony, (next, act) => act === 'init-token' && next.kind === 'ask');
  return ceremony;
}

async function enter(ceremony: Ceremony, ...pins: readonly string[]): Promise<readonly (string | undefined)[]> {
  const refused: (string | undefined)[] = [];
  for (const pin of pins) {
    const { next } = ceremony;
    if (next.kind !== 'ask') throw new Error(next.kind);
    refused.push((await ceremony.secret(next.prompt.id, pin))?.code);
  }
  return refused;
}

describe('initialising a token in a ceremony', () => {
  it('gives a blank one label, SO PIN and user PIN; its new serial is the one that is opened; no PIN is written down', async () => {
    const ceremony = await room.begin(planWith());
    expect(await room.play(ceremony)).toEqual({ kind: 'finished' });
    const { soPin, pin, info, keys } = room.root;
    expect({ soPin, pin }).toEqual({ soPin: memorySoPins.root, pin: memoryPins.root });
    expect(info).toMatchObject({ label: 'r1', serial: '00000000000new1', pinInitialized: true });
    expect(keys.map(({ label }) => label)).toEqual(['root-r1', 'bundle-signer-b1']);
    expect(ceremony.state.beginning.tokens['root']).toMatchObject({ serial: info.serial, label: 'r1' });
    expect(initialisations()).toBe(1);
    const written = JSON.stringify([room.journal.records, ceremony.state]);
    for (const secret of [soPin, pin]) expect(written).not.toContain(secret);
  });

  it('is asked of two people, of whom nobody chooses both PINs', async () => {
    const ceremony = await untilPins();
    const asked: string[] = [];
    await room.playUntil(ceremony, (next) => {
      if (next.kind === 'ask' && next.prompt.kind === 'secret') asked.push(`${next.prompt.id} ${next.prompt.by}`);
      return next.kind === 'ask' && next.prompt.kind === 'word';
    });
    expect(asked).toEqual([
      'so-pin-root officer',
      'so-pin-root-again officer',
      'pin-root administrator',
      'pin-root-again administrator',
    ]);
  });

  it.each([
    [
      'two entries that differ',
      ['sixteen-letters-', 'sixteen-letters_', 'user-pin-1234', 'user-pin-1234'],
      'pin-entries-differ',
    ],
    [
      'one PIN for both',
      ['sixteen-letters-', 'sixteen-letters-', 'sixteen-letters-', 'sixteen-letters-'],
      'pin-so-is-user',
    ],
  ])('%s touch nothing, and every PIN is asked for again', async (_, pins, code) => {
    const ceremony = await untilPins();
    expect(await enter(ceremony, ...pins)).toEqual([undefined, undefined, undefined, undefined]);
    expect(await ceremony.advance()).toMatchObject({ kind: 'failed', failure: { code } });
    expect(initialisations()).toBe(0);
    expect(await ceremony.retry()).toBeUndefined();
    expect(ceremony.next).toMatchObject({ kind: 'ask', prompt: { id: 'so-pin-root' } });
    expect(await room.play(ceremony)).toEqual({ kind: 'finished' });
    expect(initialisations()).toBe(1);
  });

  it('a PIN that is too short, or has a symbol that no roll gives, is refused as it is entered', async () => {
    const dice = 'so-pin: { length: 16, dice: { symbols: abc, rows: [abcabc] } }';
    const ceremony = await untilPins(planWith().replace('so-pin: { length: 16 }', dice));
    expect(await enter(ceremony, 'abc', '', 'abcabcabcabcabcx', 'abcabcabcabcabca')).toEqual([
      'pin-choice-length',
      'secret-empty',
      'pin-choice-symbol',
      undefined,
    ]);
  });

  it.each([
    ['initialize', 'before', 1],
    ['initialize', 'after', 0],
    ['setUserPin', 'before', 0],
    ['setUserPin', 'after', 0],
  ] as const)(
    'that is interrupted %s/%s is finished when it is taken up, with %i more initialisation',
    async (call, when, more) => {
      const ceremony = await room.begin(planWith());
      room.root.failNext(call, 'token-busy', when);
      expect(await room.play(ceremony)).toMatchObject({ kind: 'failed', failure: { code: 'token-busy' } });
      const before = initialisations();
      const resumed = await room.resume();
      expect(await room.play(resumed)).toEqual({ kind: 'finished' });
      expect(initialisations() - before).toBe(more);
      const redo = room.journal.records.find(({ kind }) => kind === 'redo')?.body['because'];
      expect(redo).toBe(
        more === 1 ? 'It is still blank.' : 'It was initialised before the interruption: its user PIN is set now.',
      );
    },
  );

  it('that is taken up with another SO PIN than the device has is refused, and then goes on with the right one', async () => {
    const ceremony = await room.begin(planWith());
    room.root.failNext('setUserPin', 'token-busy', 'before');
    await room.play(ceremony);
    const resumed = await room.resume();
    await room.playUntil(resumed, (next) => next.kind === 'ask');
    await enter(resumed, 'another-so-pin-16', 'another-so-pin-16', 'user-pin-1234', 'user-pin-1234');
    const next = await room.playUntil(resumed, () => false);
    expect(next).toMatchObject({ kind: 'failed', failure: { code: 'token-so-pin-incorrect' } });
    await resumed.retry();
    expect(await room.play(resumed)).toEqual({ kind: 'finished' });
    expect(initialisations()).toBe(1);
  });

  it('that leaves keys on it is refused: a wiping that does not wipe', async () => {
    inUse();
    const first = await room.begin(rootPlan);
    await room.play(first);
    room.journal.records = [];
    room.media.files.clear();
    const left = room.root.keys;
    const wiped = await room.begin(wiping);
    room.root.pace = (operation) => {
      if (operation === 'setUserPin') room.root.keys = left;
      return Promise.resolve();
    };
    expect(await room.play(wiped)).toMatchObject({ kind: 'failed', failure: { code: 'init-token-not-empty' } });
  });
});

describe('wiping a token that is in use', () => {
  it('takes its own SO PIN and two people’s word, who see what is on it; it keeps its serial', async () => {
    inUse();
    await room.play(await room.begin(rootPlan));
    room.root.lose();
    room.journal.records = [];
    room.media.files.clear();
    const ceremony = await room.begin(wiping);
    const next = await room.playUntil(
      ceremony,
      (at) =>
        at.kind === 'ask' &&
        at.prompt.id.startsWith('confirm') &&
        at.prompt.kind === 'word' &&
        at.prompt.word === 'WIPE',
    );
    if (next.kind !== 'ask') throw new Error(next.kind);
    expect(next.prompt.show?.filter(({ style }) => style === 'warning').map(({ value }) => value)).toEqual([
      expect.stringContaining('public-key "root-r1"'),
      expect.stringContaining('public-key "bundle-signer-b1"'),
    ]);
    expect(await ceremony.answer('confirm-administrator', 'WIPE')).toBeUndefined();
    expect(ceremony.next).toMatchObject({ kind: 'ask', prompt: { id: 'confirm-officer', word: 'WIPE' } });
    expect(initialisations()).toBe(0);
    expect(await room.play(ceremony)).toEqual({ kind: 'finished' });
    expect(room.root.info).toMatchObject({ serial: '00000000000000r1', label: 'r1' });
  });

  it('with a wrong SO PIN wipes nothing', async () => {
    inUse('another-so-pin');
    expect(await room.play(await room.begin(wiping))).toMatchObject({
      kind: 'failed',
      failure: { code: 'token-so-pin-incorrect' },
    });
    expect(room.root.info.label).toBe('root');
  });

  it('that gives itself another serial is found by what was there before', async () => {
    inUse();
    const renumbering = room.root.initialize.bind(room.root);
    room.root.initialize = (soPin, label) => renumbering(soPin, label, 'another-serial');
    const ceremony = await room.begin(wiping);
    room.root.failNext('setUserPin', 'token-busy', 'before');
    await room.play(ceremony);
    const resumed = await room.resume();
    expect(await room.play(resumed)).toEqual({ kind: 'finished' });
    expect(resumed.state.beginning.tokens['root']).toMatchObject({ serial: 'another-serial', label: 'r1' });
    expect(initialisations()).toBe(1);
  });

  it('that was cut short and left the device blank goes on from there', async () => {
    inUse();
    const ceremony = await room.begin(wiping);
    room.root.failNext('initialize', 'token-device-removed', 'before');
    expect(await room.play(ceremony)).toMatchObject({ kind: 'failed', failure: { code: 'token-device-removed' } });
    room.root.makeBlank('00000000000000r1');
    expect(await room.play(await room.resume())).toEqual({ kind: 'finished' });
    expect(room.root.info).toMatchObject({ serial: '00000000000000r1', label: 'r1' });
  });

  it('that is gone is refused, and no other device is touched in its place', async () => {
    inUse();
    const ceremony = await room.begin(wiping);
    room.root.failNext('initialize', 'token-device-removed', 'before');
    await room.play(ceremony);
    room.root.info = { ...room.root.info, serial: 'somewhere-else' };
    room.issuing.makeBlank('another-blank');
    const end = await room.play(await room.resume());
    expect(end).toMatchObject({ kind: 'failed', failure: { code: 'token-missing' } });
    expect(room.issuing.blank).toBe(true);
  });

  it('is done once more when it was interrupted, and finished', async () => {
    inUse();
    const ceremony = await room.begin(wiping);
    room.root.failNext('setUserPin', 'token-busy', 'before');
    await room.play(ceremony);
    expect(await room.play(await room.resume())).toEqual({ kind: 'finished' });
    expect(initialisations()).toBe(2);
  });
});

describe('a plan or binding that would initialise the wrong thing is refused before anything is touched', () => {
  it.each([
    ['one person for a wiping', planWith(', wipe: true', '[administrator]'), 'plan-wipe-one-person'],
    [
      'a token in use before it',
      planWith().replace('  - { do: attend }', `  - { do: attend }\n${open}`),
      'plan-init-late',
    ],
    ['a symbol twice', planWith(', user-pin: { dice: { symbols: aab, rows: [aabaab] } }'), 'plan-dice-symbol-twice'],
    [
      'a cell that is no symbol',
      planWith(', user-pin: { dice: { symbols: ab, rows: [ababax] } }'),
      'plan-dice-symbol-unknown',
    ],
    [
      'a die with two rows',
      planWith(', user-pin: { dice: { symbols: ab, rows: [ababab, ababab] } }'),
      'plan-dice-shape',
    ],
    ['a PIN of a few characters', planWith(', user-pin: { length: 4 }'), 'yaml-invalid-value'],
    ['a label that tokens pad or cut', planWith().replace('label: r1', 'label: " r1"'), 'yaml-invalid-value'],
    ['a blank token that no act initialises', rootPlan, 'binding-token-blank'],
    ['a blank token to be wiped', wiping, 'binding-nothing-to-wipe'],
  ])('%s', async (_, plan, code) => {
    expect(await room.refusals(plan)).toContain(code);
    expect(initialisations()).toBe(0);
  });

  it('a key that the plan needs on the token', async () => {
    const plan = planWith()
      .replace('\nprofiles:', '\nprevious: required\nexisting: { old: { token: root } }\nprofiles:')
      .replace('previous: none\n', '');
    expect(await room.refusals(plan)).toContain('plan-init-loses-key');
  });

  it('a token in use where a blank one is meant', async () => {
    inUse();
    expect(await room.refusals(planWith())).toEqual(['binding-token-in-use']);
  });

  it('no blank token, or two', async () => {
    room.root.blank = false;
    expect(await room.refusals(planWith())).toContain('token-missing');
    room.root.blank = true;
    room.issuing.makeBlank();
    expect(await room.refusals(planWith())).toContain('token-ambiguous');
    room.root.info = { ...room.root.info, serial: 'S1' };
    room.setting = { ...room.setting, tokens: { root: 'blank:serial=S1' } };
    expect(await room.refusals(planWith())).toEqual([]);
  });

  it.each([
    ['one blank device for two tokens', { root: 'blank:', issuing: 'blank:' }, ['binding-same-blank']],
    ['the same by another name', { root: 'blank:model=Memory', issuing: 'blank:' }, ['binding-same-blank']],
    ['one that comes after another', { root: 'blank:', issuing: 'blank:after=root' }, []],
    ['the first after the second', { root: 'blank:after=issuing', issuing: 'blank:' }, ['binding-blank-after']],
    ['after a token of no plan', { root: 'blank:', issuing: 'blank:after=other' }, ['binding-blank-after']],
  ])('%s', async (_, tokens, codes) => {
    room.root.info = { ...room.root.info, model: 'Memory' };
    room.setting = { ...room.setting, tokens };
    expect(await room.refusals(bothNew)).toEqual(codes);
    expect(initialisations()).toBe(0);
  });

  it('two blank devices, where each token is given its own', async () => {
    room.root.info = { ...room.root.info, serial: 'S1' };
    room.issuing.makeBlank();
    room.issuing.info = { ...room.issuing.info, serial: 'S2' };
    room.setting = { ...room.setting, tokens: { root: 'blank:serial=S1', issuing: 'blank:serial=S1' } };
    expect(await room.refusals(bothNew)).toEqual(['binding-same-blank']);
    room.setting = { ...room.setting, tokens: { root: 'blank:serial=S1', issuing: 'blank:serial=S2' } };
    expect(await room.refusals(bothNew)).toEqual([]);
  });

  it.each([
    ['a label that another token has', { label: 'r1' }, 'init-token-label-taken'],
    ['a device with a keypad', { protectedPath: true }, 'init-token-keypad'],
    ['PINs that the device does not take', { pinLength: { minimum: 4, maximum: 8 } }, 'init-token-pin-length'],
  ] as const)('%s', async (_, change, code) => {
    const device = code === 'init-token-label-taken' ? room.issuing : room.root;
    device.info = { ...device.info, ...change };
    expect(await room.refusals(planWith())).toEqual([code]);
  });
});
