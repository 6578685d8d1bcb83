import { describe, expect, it } from 'vitest';
import { requireApproved } from '../../../core/ceremony/approval.ts';
import type { Prompt } from '../../../core/ceremony/prompt.ts';
import { nodeDigest, nodeVerifier } from '../../../core/node/crypto.ts';
import { throwawayKey } from '../../../core/node/throwaway-key.ts';
import { chainRecord } from '../../../core/journal/record.ts';
import { fromBase64, toBase64 } from '../../../core/ports/base64.ts';
import type { JournalRecord } from '../../../core/ports/journal.ts';
import type { JsonObject } from '../../../core/ports/json.ts';
import { samePerson } from '../../../core/ports/same-person.ts';
import { replay } from '../../../core/ceremony/replay.ts';
import { sha256 } from '../../support/hierarchy.ts';
import { Course } from '../../support/memory/course.ts';
import { approvedPlan, rootPlan } from '../../support/memory/recording.ts';
import { memoryPins, MemoryRoom } from '../../support/memory/room.ts';
import { MemoryToken, MemoryTokens } from '../../support/memory/token.ts';

const pins = { olga: memoryPins.issuing, omar: 'omars-own-pin-5521' };

/** A ceremony whose plan enrols Olga's key and Omar's, each on a token of their own; it waits for the first approval. */
async function enrolled(): Promise<{ course: Course; omar: MemoryToken }> {
  const room = new MemoryRoom();
  const omar = new MemoryToken('00000000000000o2', 'omar', pins.omar, throwawayKey);
  Object.assign(room.ports, { tokens: new MemoryTokens([room.root, room.issuing, omar]) });
  const keyOn = async (device: MemoryToken, pin: string): Promise<string> => {
    const token = device.open();
    await token.login(pin);
    const { spki } = await token.generateKey({ algorithm: 'ec-p256', label: 'own', id: new Uint8Array([7]) });
    device.lose();
    return sha256(spki);
  };
  const [olgas, omars] = [await keyOn(room.issuing, pins.olga), await keyOn(omar, pins.omar)];
  const uri = (serial: string): string => `pkcs11:serial=00000000000000${serial}`;
  room.setting = { ...room.setting, tokens: { ...room.setting.tokens, olga: uri('i1'), omar: uri('o2') } };
  const keys = `keys: { Olga One: { token: olga, spki: ${olgas} }, Omar Two: { token: omar, spki: ${omars} } }`;
  const plan = approvedPlan
    .replace('\ntokens:', '\ntokens:\n  olga: { for: her own key }\n  omar: { for: his own key }')
    .replace('by: [officer, witness] }', `by: [officer], ${keys} }`);
  const course = await Course.begin(plan, room);
  await untilAsked(course, 'approve-1-name');
  return { course, omar };
}

async function untilAsked({ room, ceremony }: Course, id: string): Promise<void> {
  await room.playUntil(ceremony, (next) => next.kind === 'ask' && next.prompt.id === id);
}

function asked({ ceremony: { next } }: Course): Prompt {
  if (next.kind !== 'ask') throw new Error(next.kind);
  return next.prompt;
}

/** The officer asked now says who they are and has their own token sign. */
async function approve(course: Course, number: number, who: string, pin: string): Promise<void> {
  const { ceremony } = course;
  expect(await ceremony.answer(`approve-${number}-name`, who)).toBeUndefined();
  expect(asked(course)).toMatchObject({ kind: 'secret' });
  expect(await ceremony.secret(`approve-${number}-pin`, pin)).toBeUndefined();
  await ceremony.advance();
}

const signed = (token: MemoryToken): number => token.calls.filter((call) => call === 'sign').length;

describe('a quorum of officers’ own keys', () => {
  it('is not met by one key that signed before an interruption, and is counted for another after it', async () => {
    const { course, omar } = await enrolled();
    await approve(course, 1, 'Olga One', pins.olga);
    await course.resume();
    omar.lose();
    await untilAsked(course, 'approve-1-name');
    expect(await course.ceremony.answer('approve-1-name', 'Omar Two')).toBeUndefined();
    expect(asked(course)).toMatchObject({ id: 'approve-1-pin', token: 'omar' });
    expect(signed(omar)).toBe(0);
  });

  it('is not met by it after a pause either', async () => {
    const { course, omar } = await enrolled();
    await approve(course, 1, 'Olga One', pins.olga);
    await course.ceremony.pause('Lunch.', 'Olga One');
    for (const who of ['Wim Witness', 'Olga One', 'Omar Two']) await course.ceremony.answer(asked(course).id, who);
    await untilAsked(course, 'approve-1-name');
    await course.ceremony.answer('approve-1-name', 'Omar Two');
    expect(asked(course)).toMatchObject({ id: 'approve-1-pin', token: 'omar' });
    expect(signed(omar)).toBe(0);
  });

  it('is met by two, each with their own; the root’s key is used only then', async () => {
    const { course, omar } = await enrolled();
    await approve(course, 1, 'Omar Two', pins.omar);
    expect(signed(course.room.root)).toBe(0);
    await approve(course, 2, 'Olga One', pins.olga);
    expect(course.ceremony.state.approvals.map(({ who }) => who)).toEqual(['Omar Two', 'Olga One']);
    expect([signed(omar), signed(course.room.root)]).toEqual([1, 1]);
  });
});

describe('a journal in which somebody else’s key approves', () => {
  it('is refused when it is replayed, and the last look before C_Sign refuses it as well', async () => {
    const { course } = await enrolled();
    await approve(course, 1, 'Olga One', pins.olga);
    const { records } = course.ceremony;
    const thief = await throwawayKey('ec-p256');
    const body = (record: JournalRecord): JsonObject =>
      record.kind === 'approved' ? { ...record.body, spki: toBase64(thief.spki) } : record.body;
    const forged: JournalRecord[] = [];
    for (const record of records) {
      forged.push(chainRecord(forged.at(-1), { ...record, body: body(record) }, nodeDigest));
    }
    expect(replay(records, nodeDigest)).toMatchObject({ ok: true });
    expect(replay(forged, nodeDigest)).toMatchObject({
      refusal: { code: 'journal-record-impossible', message: expect.stringContaining('Olga One') },
    });
    const { state } = course.ceremony;
    const { intent = null, answers, approvals = {} } = state.current;
    const only = { ...state.beginning.plan, approvals: { ...state.beginning.plan.approvals, quorum: 1 } };
    const one = { ...state, beginning: { ...state.beginning, plan: only } } as typeof state;
    expect(() => {
      requireApproved(one, intent, nodeDigest, nodeVerifier);
    }).not.toThrow();
    const swapped = { ...answers, 'approve-1-name': 'Omar Two' };
    for (const current of [
      { ...one.current, answers: swapped, approvals },
      { ...one.current, approvals: {} },
    ]) {
      expect(() => {
        requireApproved({ ...one, current }, intent, nodeDigest, nodeVerifier);
      }).toThrow(expect.objectContaining({ code: 'approval-other-key' }));
    }
  });
});

describe('the digest people compare', () => {
  it('is that of the bytes beside it, also where the plan asks for no approvals: in a replay and before C_Sign', async () => {
    const course = await Course.begin(rootPlan);
    await course.untilConfirming('issue-root');
    const { records, state } = course.ceremony;
    const intent = state.current.intent as { tbs: string; digest: string };
    const last = records.at(-1) as JournalRecord;
    const before = records.slice(
      0,
      records.findLastIndex(({ kind }) => kind === 'intend'),
    );
    const tbs = fromBase64(intent.tbs);
    tbs[20] = (tbs[20] ?? 0) ^ 1;
    const other = { ...intent, tbs: toBase64(tbs) };
    const entry = { kind: 'intend', at: last.at, body: { act: state.index, intent: other } };
    const lying = [...before, chainRecord(before.at(-1), entry, nodeDigest)];
    expect(replay(records, nodeDigest)).toMatchObject({ ok: true });
    expect(replay(lying, nodeDigest)).toMatchObject({ refusal: { code: 'journal-record-impossible' } });
    expect(() => {
      requireApproved(state, intent, nodeDigest, nodeVerifier);
    }).not.toThrow();
    expect(() => {
      requireApproved(state, other, nodeDigest, nodeVerifier);
    }).toThrow(expect.objectContaining({ code: 'approval-other-digest' }));
  });
});

describe('the same person', () => {
  it.each([
    ['a character nobody sees', 'Ada Lovelace', 'Ada\u200b Love\u00adlace\u2060'],
    ['case and width', 'Ada Lovelace', 'ADA  Ｌovelace'],
    ['another kind of space', 'Ada Lovelace', 'Ada\u00a0Lovelace'],
    ['a composed letter', 'Zo\u00eb', 'Zoe\u0308'],
    ['the two ways to write a sharp s', 'Weiß', 'WEISS'],
  ])('is known in spite of %s', (_, one, other) => {
    expect(samePerson(one)).toBe(samePerson(other));
  });

  it('is not another with a name like it', () => {
    expect(samePerson('Ada Lovelace')).not.toBe(samePerson('Ada Loveless'));
    expect(samePerson('Zoë')).not.toBe(samePerson('Zoe'));
  });

  it('does not approve twice under a name that only looks like two', async () => {
    const course = await Course.begin(approvedPlan);
    await untilAsked(course, 'approve-1-name');
    await course.ceremony.answer('approve-1-name', 'Olga One');
    const { word } = asked(course) as Extract<Prompt, { kind: 'word' }>;
    await course.ceremony.answer('approve-1-word', word);
    expect(await course.ceremony.answer('approve-2-name', 'Olga\u200b One')).toMatchObject({ code: 'answer-refused' });
    expect(await course.ceremony.answer('approve-2-name', 'Wim Witness')).toBeUndefined();
  });
});
