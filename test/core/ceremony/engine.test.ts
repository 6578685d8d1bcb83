import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { bodyOf, type CeremonyEvent } from '../../../core/ceremony/events.ts';
import { foundPromptId, nextOf } from '../../../core/ceremony/next.ts';
import { currentPause } from '../../../core/ceremony/pause.ts';
import { replay } from '../../../core/ceremony/replay.ts';
import type { CeremonyState } from '../../../core/ceremony/state.ts';
import { step } from '../../../core/ceremony/step.ts';
import { view } from '../../../core/ceremony/view.ts';
import { hashWords } from '../../../core/ceremony/words.ts';
import { chainRecord } from '../../../core/journal/record.ts';
import { nodeDigest } from '../../../core/node/crypto.ts';
import type { JournalRecord } from '../../../core/ports/journal.ts';
import type { Json } from '../../../core/ports/json.ts';
import { ada, move, type Move, noise, olga, text } from '../../support/memory/moves.ts';
import { approvedPlan, recordedEvents, rootPlan } from '../../support/memory/recording.ts';
import { memoryPins } from '../../support/memory/room.ts';

/** The events of one whole ceremony, and what each act wrote ahead and came to. */
let events: readonly CeremonyEvent[];
let intents: ReadonlyMap<number, Json>;
let outcomes: ReadonlyMap<number, Json>;
let first: CeremonyState;

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value) && !ArrayBuffer.isView(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}

beforeAll(async () => {
  events = await recordedEvents(approvedPlan);
  intents = new Map(events.flatMap((event) => (event.kind === 'intend' ? [[event.act, event.intent]] : [])));
  outcomes = new Map(events.flatMap((event) => (event.kind === 'did' ? [[event.act, event.outcome]] : [])));
  const begun = step(undefined, events[0] as CeremonyEvent);
  if (!begun.ok) throw new Error(begun.refusal.message);
  first = deepFreeze(begun.state);
});

/**
 * The event that carries a ceremony on from here, as people and devices that do all right would cause it. After an
 * interruption the token may hold something of the act, or nothing: `leftover` says which.
 */
function rightEvent(state: CeremonyState, leftover: boolean): CeremonyEvent | undefined {
  const next = nextOf(state);
  const { index: act, at } = state;
  switch (next.kind) {
    case 'ask': {
      const { prompt } = next;
      if (prompt.kind === 'secret') return { kind: 'secret', at, act, prompt: prompt.id };
      const names = {
        administrator: [ada],
        officer: [olga, 'Omar Two'],
        witness: ['Wim Witness'],
        auditor: [],
      };
      const value =
        prompt.kind === 'word'
          ? prompt.word
          : prompt.kind === 'names'
            ? names[prompt.role]
            : prompt.kind === 'choice'
              ? (prompt.choices[0]?.value ?? '')
              : prompt.kind === 'person'
                ? ([...prompt.people, ada, olga].find((name) => !prompt.not.includes(name)) ?? '')
                : 'RB0001';
      return { kind: 'answer', at, act, prompt: prompt.id, value };
    }
    case 'prepare':
      return { kind: 'intend', at, act, intent: intents.get(act) ?? {} };
    case 'approve':
      return { kind: 'approved', at, act, number: next.number, spki: 'AAAA', signature: 'AAAA' };
    case 'perform':
    case 'resolve':
      return { kind: 'did', at, act, outcome: outcomes.get(act) ?? {} };
    case 'recover':
      if (leftover) return { kind: 'found', at, act, facts: [], choices: ['adopt', 'destroy', 'abort'] };
      return { kind: 'redo', at, act, because: 'No trace of it was found.' };
    case 'reopen':
      return { kind: 'reopened', at, act, token: next.token };
    case 'failed':
      return { kind: 'retry', at, act };
    case 'end':
      return { kind: 'end', at } as CeremonyEvent;
    case 'over':
      return undefined;
  }
}

function placed(one: Move, state: CeremonyState): CeremonyEvent | undefined {
  if (one.kind === 'right') return rightEvent(state, one.leftover);
  if (one.kind === 'noise') return { ...one.event, at: state.at + one.event.at } as CeremonyEvent;
  return { ...one.event, at: state.at + 1, act: state.index } as CeremonyEvent;
}

/** The digest of what an intent would sign. */
function digestOf(intent: Json | undefined): string | undefined {
  const { digest, tbs } = (intent ?? {}) as { digest?: string; tbs?: string };
  return tbs === undefined ? undefined : digest;
}

/** While a ceremony is paused nothing is done and no token is open; two different people let it go on. */
function pauseFaults(before: CeremonyState, event: CeremonyEvent, after: CeremonyState): readonly string[] {
  const [was, is] = [currentPause(before), currentPause(after)];
  const allowed = ['answer', 'deviation', 'resume', 'abort'];
  const faults = was === undefined || allowed.includes(event.kind) ? [] : [`${event.kind} while paused`];
  if (is !== undefined && after.openTokens.length > 0) faults.push('a token is open while paused');
  if (was !== undefined && is === undefined) {
    const { confirmedBy, by, continuedBy } = after.pauses.at(-1) ?? { by: '', continuedBy: [] };
    if (confirmedBy === undefined || confirmedBy === by) faults.push('a pause nobody else confirmed');
    if (new Set(continuedBy).size < 2) faults.push('one person alone let it go on');
  }
  return faults;
}

/** More than enough for the whole ceremony. */
const allRight: readonly Move[] = Array.from({ length: 200 }, () => ({ kind: 'right', leftover: false }));

/** What must never be, after any event that was accepted. */
function faultsOf(before: CeremonyState, event: CeremonyEvent, after: CeremonyState): readonly string[] {
  const faults: string[] = [];
  if (after.index < before.index) faults.push('the index fell');
  if (after.index !== before.index + (event.kind === 'did' ? 1 : 0)) faults.push('the index moved without an outcome');
  if (after.completed.length !== after.index) faults.push('an act without its outcome, or with two');
  const made = Object.keys(after.certificates).length - Object.keys(before.certificates).length;
  const changed = !isDeepStrictEqual(
    [before.keys, before.certificates, before.crls, before.bundle],
    [after.keys, after.certificates, after.crls, after.bundle],
  );
  if (changed && event.kind !== 'did') faults.push(`keys, certificates or CRLs changed by ${event.kind}`);
  if (event.kind === 'did') {
    const { intent, answers } = before.current;
    if (intent === undefined) faults.push('an outcome without an intent');
    const config = before.beginning.plan.acts[before.index];
    const digest = digestOf(intent);
    if (digest !== undefined) {
      const names = [1, 2].map((number) => answers[`approve-${number}-name`]);
      if (new Set(names).size < 2 || names.includes(undefined)) faults.push('signed before two people approved');
      const words = hashWords(digest).slice(0, 4).join(' ');
      if ([1, 2].some((number) => answers[`approve-${number}-word`] !== words)) faults.push('signed with other words');
    }
    if (made > 0 || config?.do === 'generate-key') {
      for (const role of config?.by ?? []) {
        if (typeof answers[`confirm-${role}`] !== 'string') faults.push(`made without the word of ${role}`);
      }
    }
  }
  faults.push(...pauseFaults(before, event, after));
  if (made > 1) faults.push('two certificates at once');
  return faults;
}

interface Walk {
  readonly records: readonly JournalRecord[];
  readonly states: readonly CeremonyState[];
  readonly faults: readonly string[];
}

/** Plays the moves on from a place of another walk, or from the beginning; what was accepted becomes a journal. */
function walk(moves: readonly Move[], from?: Pick<Walk, 'records' | 'states'>): Walk {
  let state = from?.states.at(-1) ?? first;
  const records: JournalRecord[] = [...(from?.records ?? [])];
  const states: CeremonyState[] = [...(from?.states ?? [state])];
  const faults: string[] = [];
  const keep = (event: CeremonyEvent): void => {
    records.push(chainRecord(records.at(-1), { kind: event.kind, at: event.at, body: bodyOf(event) }, nodeDigest));
  };
  if (from === undefined) keep(events[0] as CeremonyEvent);
  for (const one of moves) {
    const event = placed(one, state);
    if (event === undefined) break;
    const result = step(state, deepFreeze(event));
    if (!result.ok) {
      if (one.kind === 'right') faults.push(`a right ${event.kind} was refused: ${result.refusal.code}`);
      continue;
    }
    faults.push(...faultsOf(state, event, result.state));
    state = deepFreeze(result.state);
    view(state);
    keep(event);
    states.push(state);
  }
  return { records, states, faults };
}

describe('the engine', () => {
  it('plays what was recorded to the same end', () => {
    const { states, faults } = walk(allRight);
    expect(faults).toEqual([]);
    expect(states.at(-1)).toMatchObject({ status: 'finished', index: first.beginning.plan.acts.length });
  });

  it('whatever happens, refuses or goes on, never loses an act, never does one twice, never without approval', () => {
    let finished = 0;
    fc.assert(
      fc.property(fc.array(move, { minLength: 80, maxLength: 200 }), (moves) => {
        const { states, faults } = walk(moves);
        expect(faults).toEqual([]);
        if (states.at(-1)?.status === 'finished') finished += 1;
      }),
      { numRuns: 150 },
    );
    // The walk would prove little if it never got anywhere.
    expect(finished).toBeGreaterThan(20);
  }, 180_000);

  it('the journal of any course of events gives the live state again, at every prefix', () => {
    fc.assert(
      fc.property(fc.array(move, { minLength: 40, maxLength: 120 }), fc.nat(), (moves, where) => {
        const { records, states } = walk(moves);
        const length = 1 + (where % records.length);
        for (const count of [length, records.length]) {
          expect(replay(records.slice(0, count), nodeDigest)).toEqual({ ok: true, state: states[count - 1] });
        }
      }),
      { numRuns: 60 },
    );
  });

  it('three thousand random orders from anywhere: no signature before the quorum, none twice, and the journal is the state', () => {
    const whole = walk(allRight);
    const seen = new Set<string>();
    fc.assert(
      fc.property(fc.nat(), fc.array(move, { minLength: 5, maxLength: 16 }), fc.nat(), (start, moves, cut) => {
        const length = 1 + (start % (whole.states.length - 1));
        const from = { records: whole.records.slice(0, length), states: whole.states.slice(0, length) };
        const { records, states, faults } = walk(moves, from);
        expect(faults).toEqual([]);
        const outcomes = records.filter(({ kind }) => kind === 'did').map(({ body }) => (body as { act: number }).act);
        expect(new Set(outcomes).size).toBe(outcomes.length);
        for (const { kind } of records.slice(length)) seen.add(kind);
        // Every sixteenth: a replay plays all that came before as well.
        if (cut % 16 !== 0) return;
        const count = length + (cut % (records.length - length + 1));
        expect(replay(records.slice(0, count), nodeDigest)).toEqual({ ok: true, state: states[count - 1] });
      }),
      { numRuns: 3000 },
    );
    // It would prove little without trouble in it.
    expect([...seen]).toEqual(
      expect.arrayContaining(['did', 'failed', 'retry', 'found', 'redo', 'resume', 'reopened', 'pause', 'end']),
    );
  }, 180_000);

  it('throws at nothing: any event in any state, with anything in it', () => {
    const states = walk(allRight).states;
    const failing = states.flatMap((state) => {
      const failed = step(state, {
        kind: 'failed',
        at: state.at,
        act: state.index,
        code: 'token-busy',
        message: 'm',
        remedy: 'r',
      });
      if (!failed.ok) return [];
      const retried = step(failed.state, { kind: 'retry', at: state.at, act: state.index });
      return retried.ok ? [failed.state, retried.state] : [failed.state];
    });
    const anywhere = fc.constantFrom(...[...states, ...failing].map(deepFreeze));
    fc.assert(
      fc.property(anywhere, noise, fc.boolean(), (state, event, here) => {
        const aimed = here && 'act' in event ? { ...event, act: state.index } : event;
        const result = step(state, deepFreeze({ ...aimed, at: state.at + event.at } as CeremonyEvent));
        if (result.ok) nextOf(result.state);
        expect(result.ok || /^[a-z0-9-]+$/u.test(result.refusal.code)).toBe(true);
      }),
      { numRuns: 6000 },
    );
  });

  it('throws at no beginning either', () => {
    const begin = events[0] as Extract<CeremonyEvent, { kind: 'begin' }>;
    const spoilt = fc.oneof(
      text.map((planText) => ({ ...begin, planText })),
      fc.nat(rootPlan.length).map((length) => ({ ...begin, planText: rootPlan.slice(0, length) })),
      fc.uint8Array({ maxLength: 40 }).map((bytes) => {
        const der = Buffer.from(bytes).toString('base64');
        return { ...begin, certificates: { x: { der, type: 'root' as const, issuedBy: 'x', waived: [] } } };
      }),
    );
    fc.assert(
      fc.property(spoilt, (event) => {
        expect(typeof step(undefined, event).ok).toBe('boolean');
        expect(step(first, event).ok).toBe(false);
      }),
      { numRuns: 300 },
    );
    for (const event of events.slice(1)) expect(step(undefined, event).ok).toBe(false);
  });

  it('has no place for a PIN: neither its events nor its states hold one', () => {
    const everything = JSON.stringify([events, walk(allRight).states]);
    for (const pin of Object.values(memoryPins)) expect(everything).not.toContain(pin);
    expect(events.filter(({ kind }) => kind === 'secret').map((event) => Object.keys(bodyOf(event)))).toEqual([
      ['act', 'prompt'],
    ]);
  });

  it('asks again what was asked when an interruption came between', () => {
    const states = walk(allRight).states;
    for (const state of states) {
      const resumed = step(state, { kind: 'resume', at: state.at, act: state.index, reason: 'The program ended.' });
      if (!resumed.ok) continue;
      const { answers } = resumed.state.current;
      expect(Object.values(answers).every((answer) => typeof answer === 'string' || Array.isArray(answer))).toBe(true);
      expect(answers).not.toHaveProperty(foundPromptId);
      expect(resumed.state.openTokens).toEqual([]);
    }
  });
});
