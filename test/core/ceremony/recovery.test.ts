import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { Course } from '../../support/memory/course.ts';
import { memoryPins, type MemoryRoom } from '../../support/memory/room.ts';
import { shippedPlan } from '../../support/rehearsal-room.ts';

const plan = readFileSync(shippedPlan('root'), 'utf8');
let course: Course;
let room: MemoryRoom;

beforeEach(async () => {
  course = await Course.begin(plan);
  ({ room } = course);
});

describe('an act that fails', () => {
  it('is tried again when people say so, and only then', async () => {
    room.root.failNext('sign', 'token-busy');
    expect(await course.untilFailure()).toBe('token-busy');
    expect(await course.ceremony.advance()).toMatchObject({ kind: 'failed', failure: { code: 'token-busy' } });
    expect(await course.ceremony.retry()).toBeUndefined();
    expect(await course.finish()).toEqual([]);
  });

  it('cannot be retried when nothing has failed', async () => {
    expect(await course.ceremony.retry()).toMatchObject({ code: 'event-out-of-order' });
    expect(await course.finish()).toEqual([]);
  });

  it('with a wrong PIN asks for the PIN again, and none of the two is in the journal', async () => {
    await room.playUntil(course.ceremony, (next) => next.kind === 'ask' && next.prompt.kind === 'secret');
    expect(await course.ceremony.secret('pin-root', 'wrong-horse-1627')).toBeUndefined();
    expect(await course.untilFailure()).toBe('token-pin-incorrect');
    await course.ceremony.retry();
    expect(await course.finish()).toEqual([]);
    const everything = JSON.stringify([
      room.journal.records,
      course.ceremony.state,
      [...room.media.files.values()].map(String),
    ]);
    for (const pin of ['wrong-horse-1627', ...Object.values(memoryPins)]) expect(everything).not.toContain(pin);
    expect(course.kinds.filter((kind) => kind === 'secret')).toHaveLength(2);
  });

  it.each([
    'token-session-lost',
    'token-device-removed',
    'token-process-died',
    'token-hung',
    'token-protocol',
    'token-device-error',
  ])('with %s is done again after the token was opened again', async (code) => {
    await course.untilConfirming('issue-root');
    room.root.failNext('sign', code);
    expect(await course.untilFailure()).toBe(code);
    expect(course.ceremony.state.openTokens).toEqual([]);
    await course.ceremony.retry();
    expect(await course.ceremony.advance()).toMatchObject({
      kind: 'reopen',
      token: 'root',
      prompt: { kind: 'secret' },
    });
    expect(await course.ceremony.secret('pin-issuing', memoryPins.root)).toMatchObject({ code: 'answer-not-asked' });
    expect(await course.finish()).toEqual([]);
    expect(course.kinds).toContain('reopened');
  });

  it('is not done on another device that was put in meanwhile', async () => {
    await course.untilConfirming('issue-root');
    room.root.failNext('sign', 'token-device-removed');
    await course.untilFailure();
    await course.ceremony.retry();
    await course.ceremony.advance();
    const { info } = room.root;
    room.root.info = { ...info, serial: '0000000000000bad' };
    // The URI still leads to the slot; what lies in it does not say the same serial any more.
    const list = room.ports.tokens as unknown as { open: unknown };
    const { open } = list;
    list.open = () => Promise.resolve(room.root.open());
    await course.ceremony.secret('pin-root', memoryPins.root);
    expect(await course.ceremony.advance()).toMatchObject({ kind: 'failed', failure: { code: 'token-other-device' } });
    expect(room.root.calls.filter((call) => call === 'login')).toHaveLength(1);
    [room.root.info, list.open] = [info, open];
    await course.ceremony.retry();
    expect(await course.finish()).toEqual([]);
  });
});

describe('a key that may or may not have been made', () => {
  it('and left no trace is made again without asking', async () => {
    room.root.failNext('generateKey', 'token-busy');
    await course.untilFailure();
    await course.ceremony.retry();
    expect(await course.finish()).toEqual([]);
    expect(course.kinds).toContain('redo');
  });

  it.each(['adopt', 'destroy'])('and is there is what people decide: %s', async (choice) => {
    room.root.failNext('generateKey', 'token-session-lost', 'after');
    expect(await course.untilFailure()).toBe('token-session-lost');
    const [found] = room.root.keys;
    await course.ceremony.retry();
    const prompt = await course.untilDecision();
    expect(prompt.choices.map(({ value }) => value)).toEqual(['adopt', 'destroy', 'abort']);
    expect(JSON.stringify(prompt.show)).toContain(found?.id);
    expect(await course.ceremony.answer(prompt.id, choice)).toBeUndefined();
    expect(await course.finish()).toEqual([]);
    expect(room.root.keys.includes(found as never)).toBe(choice === 'adopt');
    const made = course.ceremony.state.completed.find(({ headline }) => headline.includes('"root-r1"'));
    expect(made?.summary[0]?.label).toBe(choice === 'adopt' ? 'adopted after an interruption' : 'generated');
  });

  it('is left where it is when people stop', async () => {
    room.root.failNext('generateKey', 'token-busy', 'after');
    await course.untilFailure();
    await course.ceremony.retry();
    const prompt = await course.untilDecision();
    await course.ceremony.answer(prompt.id, 'abort');
    expect(await course.ceremony.advance()).toEqual({ kind: 'over' });
    expect(course.ceremony.state.status).toBe('aborted');
    expect(room.root.keys).toHaveLength(1);
  });

  it.each([['private-key'], ['public-key']] as const)(
    'and of which only the %s is left cannot be adopted',
    async (half) => {
      room.root.failNext('generateKey', 'token-busy', 'after');
      await course.untilFailure();
      room.root.keys = room.root.keys.map((key) => ({ ...key, halves: [half] }));
      await course.ceremony.retry();
      const prompt = await course.untilDecision();
      expect(prompt.choices.map(({ value }) => value)).toEqual(['destroy', 'abort']);
      expect(await course.ceremony.answer(prompt.id, 'adopt')).toMatchObject({ code: 'answer-refused' });
      await course.ceremony.answer(prompt.id, 'destroy');
      expect(await course.finish()).toEqual([]);
    },
  );

  const spoilt = [
    ['can be taken off the token', { attributes: { extractable: true } }],
    ['is not sensitive', { attributes: { sensitive: false } }],
    ['may decrypt', { attributes: { decrypt: true } }],
    ['has its label cut', { label: 'root' }],
    ['is of another kind', { algorithm: 'ec-p256' as const }],
  ] as const;
  it.each(spoilt)('and %s is not adopted; people are asked again and may destroy it', async (_, change) => {
    room.root.failNext('generateKey', 'token-key-attributes', 'after');
    await course.untilFailure();
    room.root.keys = room.root.keys.map((key) => ({
      ...key,
      ...change,
      attributes: { ...key.attributes, ...('attributes' in change ? change.attributes : {}) },
    }));
    await course.ceremony.retry();
    await course.ceremony.answer((await course.untilDecision()).id, 'adopt');
    expect(await course.untilFailure()).toMatch(/^key-(not-as-asked|other-algorithm)$/u);
    await course.ceremony.retry();
    await course.ceremony.answer((await course.untilDecision()).id, 'destroy');
    expect(await course.finish()).toEqual([]);
    expect(room.root.keys.every(({ attributes }) => !attributes.extractable)).toBe(true);
  });

  it('whose two halves do not belong together is not adopted', async () => {
    room.root.failNext('generateKey', 'token-busy', 'after');
    await course.untilFailure();
    const { issuing } = room;
    const other = await issuing
      .open()
      .login(issuing.pin)
      .then(() => issuing.open().generateKey({ algorithm: 'ec-p384', label: 'x', id: Uint8Array.of(1) }));
    const sign = issuing.keys[0]?.key.sign;
    if (sign === undefined) throw new Error('no key');
    room.root.keys = room.root.keys.map((key) => ({ ...key, key: { spki: key.key.spki, sign } }));
    expect(other.spki).not.toEqual(room.root.keys[0]?.key.spki);
    await course.ceremony.retry();
    await course.ceremony.answer((await course.untilDecision()).id, 'adopt');
    expect(await course.untilFailure()).toBe('key-not-a-pair');
  });
});
