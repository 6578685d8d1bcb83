import { describe, expect, it } from 'vitest';
import { replay } from '../../../core/ceremony/replay.ts';
import { reportHtml } from '../../../core/ceremony/report.ts';
import { view } from '../../../core/ceremony/view.ts';
import { nodeDigest } from '../../../core/node/crypto.ts';
import { Course } from '../../support/memory/course.ts';
import { readShipped } from '../../support/ready-plans.ts';
import { rootPlan } from '../../support/memory/recording.ts';

const torn = {
  what: 'The tamper bag was torn.',
  cause: 'It was dropped on the way.',
  decision: 'The seal below it is whole: go on.',
  by: ['Ada Administrator', 'Olga One'],
};

/** A ceremony that stands before the confirmations of the root's key, its token open. */
async function confirming(): Promise<Course> {
  const course = await Course.begin(rootPlan);
  await course.untilConfirming('generate-key');
  return course;
}

async function answering(course: Course, name: string): Promise<string | undefined> {
  const { next } = course.ceremony;
  if (next.kind !== 'ask') throw new Error(next.kind);
  return (await course.ceremony.answer(next.prompt.id, name))?.code;
}

describe('a pause', () => {
  it('closes every token and lets nothing go on until a second person confirmed and two let it go on', async () => {
    const course = await confirming();
    const { ceremony } = course;
    expect(await ceremony.pause('The fire alarm rang.', 'Ada Administrator')).toBeUndefined();
    expect(ceremony.state.openTokens).toEqual([]);
    expect(view(ceremony.state)).toMatchObject({
      paused: { reason: 'The fire alarm rang.', by: 'Ada Administrator' },
      current: { headline: 'The ceremony is paused', prompt: { id: 'pause-confirm', kind: 'person' } },
    });
    expect(await ceremony.advance()).toMatchObject({ kind: 'ask', prompt: { id: 'pause-confirm' } });
    expect(await answering(course, 'ada  ADMINISTRATOR')).toBe('answer-refused');
    expect(await answering(course, 'Eve Stranger')).toBe('answer-refused');
    expect(await answering(course, 'Wim Witness')).toBeUndefined();
    expect(await answering(course, 'Ada Administrator')).toBeUndefined();
    expect(await answering(course, 'Ada Administrator')).toBe('answer-refused');
    expect(view(ceremony.state).paused).toMatchObject({ confirmedBy: 'Wim Witness' });
    expect(await answering(course, 'Olga One')).toBeUndefined();
    expect(view(ceremony.state).paused).toBeUndefined();
    expect(await course.finish()).toEqual([]);
    expect(course.kinds).toContain('reopened');
    const html = reportHtml(ceremony.state, 0);
    expect(html).toContain('The ceremony was paused');
    expect(html).toContain('Ada Administrator, Olga One');
  });

  it('outlives its process: the ceremony is still paused when it is taken up again', async () => {
    const course = await confirming();
    await course.ceremony.pause('Lunch.', 'Olga One');
    await course.resume();
    expect(view(course.ceremony.state).paused).toMatchObject({ reason: 'Lunch.' });
    for (const name of ['Ada Administrator', 'Ada Administrator', 'Olga One']) await answering(course, name);
    expect(await course.finish()).toEqual([]);
  });

  it('of somebody who was alone in the room is confirmed and let go on by a second person, called in', async () => {
    const course = await Course.begin(
      readShipped('bundle-re-export')
        .text.replace('previous: required\n', '')
        .replace('  officer: { of: 3, quorum: 2 }\n  witness: 1\n', '')
        .replaceAll(/, by: \[administrator, \w+\]/gu, '')
        .replace(/existing:[^]*profiles/u, 'profiles')
        .replace(/ {2}- \{ do: import-bundle[^\n]*\n/u, '')
        .replace(/ {2}- \{ do: open-token[^]*/u, '  - { do: open-token, token: root }\n'),
    );
    const { ceremony, room } = course;
    await room.playUntil(ceremony, (next) => next.kind === 'ask' && next.prompt.kind === 'secret');
    expect(ceremony.state.people).toHaveLength(1);
    expect(await ceremony.pause('A noise.', 'Ada Administrator')).toBeUndefined();
    expect(await answering(course, 'Ada Administrator')).toBe('answer-refused');
    expect(await answering(course, 'Gus Guard')).toBeUndefined();
    expect(await answering(course, 'Ada Administrator')).toBeUndefined();
    expect(await answering(course, 'ada administrator')).toBe('answer-refused');
    expect(view(ceremony.state).paused).toBeDefined();
    expect(await answering(course, 'Gus Guard')).toBeUndefined();
    expect(view(ceremony.state).paused).toBeUndefined();
  });

  it('is refused twice, to a stranger, and while an act is being done', async () => {
    const course = await confirming();
    const { ceremony, room } = course;
    expect(await ceremony.pause('A noise.', 'Eve Stranger')).toMatchObject({ code: 'person-not-present' });
    expect(await ceremony.pause('A noise.', 'Ada Administrator')).toBeUndefined();
    expect(await ceremony.pause('Another.', 'Olga One')).toMatchObject({ code: 'pause-already' });
    for (const name of ['Olga One', 'Ada Administrator', 'Olga One']) await answering(course, name);
    const playing = room.play(ceremony);
    const during = await new Promise<string | undefined>((resolve) => {
      const stop = ceremony.subscribe(() => {
        if (!ceremony.working) return;
        stop();
        void ceremony.pause('Wait.', 'Ada Administrator').then((refusal) => {
          resolve(refusal?.code);
        });
      });
    });
    expect(during).toBe('pause-not-now');
    expect(await playing).toEqual({ kind: 'finished' });
  });
});

describe('a deviation', () => {
  it('is in the view, the transcript and the report, with who decided, and changes nothing else', async () => {
    const course = await confirming();
    const { ceremony } = course;
    const { deviations: _none, at: _at, ...before } = ceremony.state;
    expect(await ceremony.deviation(torn)).toBeUndefined();
    const { deviations, at: _later, ...after } = ceremony.state;
    expect(after).toEqual(before);
    expect(deviations).toMatchObject([torn]);
    expect(view(ceremony.state).deviations).toMatchObject([{ ...torn, act: ceremony.state.index + 1 }]);
    const lines = view(ceremony.state).transcript.map(({ text }) => text);
    expect(lines).toEqual(expect.arrayContaining(['Deviation', `  decision: ${torn.decision}`]));
    expect(reportHtml(ceremony.state, 0)).toContain(torn.cause);
    expect(await course.finish()).toEqual([]);
  });

  it('of a stranger, or of nobody, is refused', async () => {
    const { ceremony } = await confirming();
    expect(await ceremony.deviation({ ...torn, by: ['Eve Stranger'] })).toMatchObject({ code: 'person-not-present' });
    expect(await ceremony.deviation({ ...torn, by: [] })).toMatchObject({ code: 'event-malformed' });
  });

  it('is noted by the program itself when it was interrupted', async () => {
    const course = await confirming();
    await course.resume();
    const [noted] = course.ceremony.state.deviations;
    expect(noted).toMatchObject({ by: [], what: expect.stringContaining('The program ended during act') });
    const replayed = replay(course.room.journal.records, nodeDigest);
    expect(replayed).toEqual({ ok: true, state: course.ceremony.state });
  });
});
