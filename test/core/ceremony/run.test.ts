import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { chainFault } from '../../../core/journal/record.ts';
import { replay } from '../../../core/ceremony/replay.ts';
import { nodeDigest } from '../../../core/node/crypto.ts';
import { readCertificate } from '../../../core/x509/certificate.ts';
import { fromBase64 } from '../../../core/ports/base64.ts';
import { Course } from '../../support/memory/course.ts';
import type { MemoryRoom } from '../../support/memory/room.ts';
import { shippedPlan } from '../../support/rehearsal-room.ts';
import { utc } from '../../vectors/lint-world.ts';

const plan = readFileSync(shippedPlan('root'), 'utf8');
let course: Course;
let room: MemoryRoom;

beforeEach(async () => {
  course = await Course.begin(plan);
  ({ room } = course);
});

describe('a ceremony whose process ended', () => {
  it('before it began an act goes on there, with the PINs asked for again', async () => {
    await course.untilConfirming('issue-root');
    await course.resume();
    expect(course.ceremony.state).toMatchObject({ resumptions: 1, openTokens: [] });
    expect(await course.finish()).toEqual([]);
  });

  it('while people decided about a key asks them again: what they chose was about what was there then', async () => {
    room.root.failNext('generateKey', 'token-busy', 'after');
    await course.untilFailure();
    await course.ceremony.retry();
    await course.ceremony.answer((await course.untilDecision()).id, 'adopt');
    // Killed before the adoption was done; meanwhile half of the key has gone.
    room.root.keys = room.root.keys.map((key) => ({ ...key, halves: ['private-key'] }));
    await course.resume();
    const prompt = await course.untilDecision();
    expect(prompt.choices.map(({ value }) => value)).toEqual(['destroy', 'abort']);
    await course.ceremony.answer(prompt.id, 'destroy');
    expect(await course.finish()).toEqual([]);
  });

  it.each(['generate-key', 'issue-root', 'issue-crl', 'export-bundle'])(
    'after %s was done, but before that was written down, does not do it twice',
    async (act) => {
      const confirming = await course.untilConfirming(act);
      const { index } = course.ceremony.state;
      room.journal.onAppend = ({ kind, body }) => {
        if (kind === 'did' && body['act'] === index) throw Object.assign(new Error('disk full'), { code: 'ENOSPC' });
      };
      expect(confirming.kind).toBe('word');
      await expect(room.play(course.ceremony)).rejects.toThrow('disk full');
      // Whoever calls again without a resume must not have it done again.
      const before = room.root.calls.length;
      await expect(course.ceremony.advance()).rejects.toMatchObject({ code: 'ceremony-impossible' });
      expect(room.root.calls).toHaveLength(before);
      room.journal.onAppend = () => undefined;
      await course.resume();
      expect(await course.finish()).toEqual([]);
    },
  );

  it.each(['bindingHash', 'boundHash'])(
    'cannot be resumed with another setting than it was begun with: %s',
    async (hash) => {
      await course.untilConfirming('issue-root');
      room.setting = { ...room.setting, [hash]: '1'.repeat(64) };
      await expect(room.resume()).rejects.toMatchObject({ code: 'setting-differs' });
    },
  );

  it('after it was over stays over', async () => {
    expect(await course.finish()).toEqual([]);
    const records = room.journal.records.length;
    await course.resume();
    expect(course.ceremony.next).toEqual({ kind: 'over' });
    expect(room.journal.records).toHaveLength(records);
    expect(await course.ceremony.abort('too late')).toMatchObject({ code: 'event-out-of-order' });
  });
});

describe('the clock', () => {
  it('going back is refused, for answers, for acts and for a resume, and nothing changes', async () => {
    const prompt = await course.untilConfirming('issue-root');
    const { now } = room;
    const [state, records] = [course.ceremony.state, room.journal.records];
    room.now = now - 1;
    expect(await course.ceremony.answer(prompt.id, 'SIGN')).toMatchObject({ code: 'clock-went-back' });
    expect(course.ceremony.state).toBe(state);
    expect(room.journal.records).toBe(records);
    await expect(room.resume()).rejects.toMatchObject({ code: 'clock-went-back' });
    room.now = now;
    await course.resume();
    expect(await course.finish()).toEqual([]);
  });

  it('going back while an act is done ends the run, and the resume finds out what was done', async () => {
    await course.untilConfirming('generate-key');
    room.root.pace = (operation) => {
      if (operation === 'generateKey') room.now -= 10;
      return Promise.resolve();
    };
    await expect(room.play(course.ceremony)).rejects.toMatchObject({ code: 'clock-went-back' });
    await expect(course.ceremony.advance()).rejects.toMatchObject({ code: 'clock-went-back' });
    room.root.pace = () => Promise.resolve();
    room.now += 10;
    await course.resume();
    expect(await course.finish()).toEqual([]);
  });

  it('passing midnight while a certificate is shown makes it one of the new day, shown again', async () => {
    room.now = utc('2026-11-22T23:59:00Z');
    await course.untilConfirming('issue-bundle-signer');
    room.now = utc('2026-11-23T00:01:00Z');
    expect(await course.untilFailure()).toBe('lint-refused');
    await course.ceremony.retry();
    expect(await course.finish()).toEqual([]);
    const signer = course.ceremony.state.certificates['bundle-signer-b1']?.der ?? '';
    expect(readCertificate(fromBase64(signer)).tbs.notBefore).toBe(utc('2026-11-23T00:00:00Z'));
  });

  it('a day later what was shown is refused, made anew and shown again', async () => {
    await course.untilConfirming('issue-root');
    room.now += 2 * 86_400;
    expect(await course.untilFailure()).toBe('lint-refused');
    expect(room.root.calls).not.toContain('sign');
    await course.ceremony.retry();
    const prompt = await course.untilConfirming('issue-root');
    expect(JSON.stringify(prompt.show)).toContain('2026-11-24T00:00:00Z');
    expect(await course.finish()).toEqual([]);
  });

  it('a ceremony that was resumed days later goes on with dates of the new day', async () => {
    await course.untilConfirming('issue-root');
    room.now += 5 * 86_400;
    await course.resume();
    const prompt = await course.untilConfirming('issue-root');
    expect(JSON.stringify(prompt.show)).toContain('2026-11-27T00:00:00Z');
    expect(await course.finish()).toEqual([]);
  });

  it('what was confirmed before the process ended is looked for first, however many processes it takes', async () => {
    await course.untilConfirming('issue-root');
    const { intent } = course.ceremony.state.current;
    room.journal.onAppend = ({ kind }) => {
      if (kind === 'did') throw new Error('pulled plug');
    };
    await expect(room.play(course.ceremony)).rejects.toThrow('pulled plug');
    room.journal.onAppend = () => undefined;
    for (let process = 0; process < 3; process += 1) {
      await course.resume();
      expect(course.ceremony.state.current).toMatchObject({ intent, uncertain: true, answers: {} });
    }
    expect(await course.untilConfirming('issue-root')).toMatchObject({ kind: 'word', word: 'SIGN' });
    expect(await course.finish()).toEqual([]);
  });
});

describe('several things at once', () => {
  it('an answer given twice counts once, and the journal stays whole', async () => {
    const prompt = await course.untilConfirming('generate-key');
    const answers = await Promise.all([
      course.ceremony.answer(prompt.id, 'GENERATE'),
      course.ceremony.answer(prompt.id, 'GENERATE'),
    ]);
    expect(answers.map((refusal) => refusal?.code)).toEqual([undefined, 'answer-not-asked']);
    expect(chainFault(room.journal.records, nodeDigest)).toBeUndefined();
    expect(await course.finish()).toEqual([]);
  });

  it('stopped in the middle of an act, it is stopped, and the journal says so', async () => {
    await course.untilConfirming('generate-key');
    let stopped: Promise<unknown> | undefined;
    room.root.pace = async (operation) => {
      if (operation === 'generateKey') stopped = course.ceremony.abort('The fire alarm went off.');
      await stopped;
    };
    expect(await room.play(course.ceremony)).toEqual({ kind: 'aborted' });
    expect(await stopped).toBeUndefined();
    const replayed = replay(room.journal.records, nodeDigest);
    expect(replayed).toMatchObject({ ok: true, state: { status: 'aborted' } });
    expect(course.kinds.slice(-2)).toEqual(['answer', 'abort']);
  });

  it('an act that is being done is not started again', async () => {
    await course.untilConfirming('generate-key');
    let second: Promise<unknown> | undefined;
    room.root.pace = () => {
      second ??= course.ceremony.advance().catch((error: unknown) => error);
      return Promise.resolve();
    };
    expect(await course.finish()).toEqual([]);
    expect(await second).toMatchObject({ code: 'ceremony-impossible' });
  });
});

describe('the journal', () => {
  it('gets nothing that it could not give back: a reason that is too long is refused', async () => {
    const records = room.journal.records.length;
    expect(await course.ceremony.abort('x'.repeat(501))).toMatchObject({ code: 'event-malformed' });
    expect(room.journal.records).toHaveLength(records);
    expect(await course.ceremony.abort('x'.repeat(500))).toBeUndefined();
    expect(replay(room.journal.records, nodeDigest)).toMatchObject({ ok: true, state: { status: 'aborted' } });
  });

  it('that is full refuses an answer, which can be given again', async () => {
    const prompt = await course.untilConfirming('generate-key');
    room.journal.onAppend = () => {
      room.journal.onAppend = () => undefined;
      throw new Error('disk full');
    };
    await expect(course.ceremony.answer(prompt.id, 'GENERATE')).rejects.toThrow('disk full');
    expect(await course.finish()).toEqual([]);
  });

  it('of a ceremony that has begun is not begun again', async () => {
    await expect(room.begin(plan)).rejects.toMatchObject({ code: 'journal-not-empty' });
  });
});

describe('the output', () => {
  const file = '/out/example-corp-1.coldroot';

  it('a bundle that was written just before the end is the one that counts', async () => {
    await course.untilConfirming('export-bundle');
    room.journal.onAppend = ({ kind }) => {
      if (kind === 'did') throw new Error('pulled plug');
    };
    await expect(room.play(course.ceremony)).rejects.toThrow('pulled plug');
    const written = room.media.files.get(file);
    room.journal.onAppend = () => undefined;
    await course.resume();
    expect(await course.finish()).toEqual([]);
    expect(room.media.files.get(file)).toEqual(written);
  });

  it('a good bundle of another course of events in its place is not taken for its own', async () => {
    await course.untilConfirming('export-bundle');
    const { length } = room.journal.records;
    await room.play(course.ceremony);
    const finished = room.media.files.get(file);
    // Back to before the export, in the same second: the transcript will be another, and so must the bundle.
    room.journal.records = room.journal.records.slice(0, length - 1);
    await course.resume();
    expect(await course.untilFailure()).toBe('media-exists');
    expect(room.media.files.get(file)).toBe(finished);
    room.media.files.clear();
    await course.ceremony.retry();
    expect(await course.finish()).toEqual([]);
  });
});
