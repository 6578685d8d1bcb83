import { describe, expect, it } from 'vitest';
import { requireApproved } from '../../../core/ceremony/approval.ts';
import { nextOf } from '../../../core/ceremony/next.ts';
import type { Prompt } from '../../../core/ceremony/prompt.ts';
import type { Ceremony } from '../../../core/ceremony/run.ts';
import { verifyBundle } from '../../../core/bundle/verify.ts';
import { nodeDigest, nodeVerifier } from '../../../core/node/crypto.ts';
import { fromBase64, toBase64 } from '../../../core/ports/base64.ts';
import type { Json } from '../../../core/ports/json.ts';
import { sha256 } from '../../support/hierarchy.ts';
import { Course } from '../../support/memory/course.ts';
import { approvedPlan } from '../../support/memory/recording.ts';
import { memoryPins, MemoryRoom } from '../../support/memory/room.ts';

const tools = { digest: nodeDigest, verify: nodeVerifier };

function expectations(room: MemoryRoom, ceremony: Ceremony): Parameters<typeof verifyBundle>[1] {
  const root = ceremony.state.certificates['root-r1']?.der ?? '';
  return { rootFingerprint: sha256(fromBase64(root)), now: room.now, rehearsal: 'refuse' };
}

function bundleOf(room: MemoryRoom, { state }: Ceremony): Uint8Array {
  return room.media.files.get(`${room.setting.output}/${state.bundle?.file ?? ''}`) ?? new Uint8Array();
}

/** A ceremony that waits for the first approval of the root's certificate. */
async function untilApproval(plan = approvedPlan, room = new MemoryRoom()): Promise<Course> {
  const course = await Course.begin(plan, room);
  await room.playUntil(course.ceremony, ({ ...next }) => next.kind === 'ask' && next.prompt.id === 'approve-1-name');
  return course;
}

function asked({ ceremony }: Course): Prompt {
  const { next } = ceremony;
  if (next.kind !== 'ask') throw new Error(next.kind);
  return next.prompt;
}

async function say(course: Course, value: string): Promise<string | undefined> {
  return (await course.ceremony.answer(asked(course).id, value))?.code;
}

describe('approvals typed by name and word', () => {
  it('travel in the bundle, and whoever loads it can demand as many as there are, and no more', async () => {
    const course = await Course.begin(approvedPlan);
    expect(await course.finish()).toEqual([]);
    const archive = bundleOf(course.room, course.ceremony);
    const expect_ = expectations(course.room, course.ceremony);
    const verdict = verifyBundle(archive, { ...expect_, approvals: { quorum: 2 } }, tools);
    if (!verdict.ok) throw new Error(verdict.refusal.message);
    const { approvals, roots, signers, crls } = verdict.bundle.manifest;
    expect(approvals).toHaveLength(2 * (roots.length + signers.length + crls.length));
    const refusal = { code: 'bundle-approval-quorum' };
    expect(verifyBundle(archive, { ...expect_, approvals: { quorum: 3 } }, tools)).toMatchObject({ refusal });
    const keys = ['ab'.repeat(32)];
    expect(verifyBundle(archive, { ...expect_, approvals: { quorum: 1, keys } }, tools)).toMatchObject({ refusal });
    const said = course.ceremony.state.completed.flatMap(({ summary }) => summary.map(({ label }) => label));
    expect(said).toContain('approved by');
  });

  it('are given by two different people of the roles the plan names, with the words of this digest', async () => {
    const course = await untilApproval();
    expect(await say(course, 'Ada Administrator')).toBe('answer-refused');
    expect(await say(course, 'Olga One')).toBeUndefined();
    const { word } = asked(course) as Extract<Prompt, { kind: 'word' }>;
    expect(word.split(' ')).toHaveLength(4);
    expect(await say(course, 'aardvark adroitness absurd adviser')).toBe('answer-refused');
    expect(await say(course, word)).toBeUndefined();
    expect(await say(course, 'olga  one')).toBe('answer-refused');
    expect(await say(course, 'Wim Witness')).toBeUndefined();
    expect(course.room.root.calls.filter((call) => call === 'sign')).toEqual([]);
    expect(await say(course, word)).toBeUndefined();
    expect(nextOf(course.ceremony.state)).toEqual({ kind: 'perform' });
  });

  it('do not count for other bytes than were approved', async () => {
    const course = await untilApproval();
    for (const name of ['Olga One', 'Wim Witness']) {
      await say(course, name);
      await say(course, (asked(course) as Extract<Prompt, { kind: 'word' }>).word);
    }
    const { state } = course.ceremony;
    const intent = state.current.intent as { tbs: string; digest: string };
    expect(() => {
      requireApproved(state, intent, nodeDigest, nodeVerifier);
    }).not.toThrow();
    const tbs = fromBase64(intent.tbs);
    tbs[tbs.length - 1] = (tbs.at(-1) ?? 0) ^ 1;
    const other: Json = { ...intent, tbs: toBase64(tbs) };
    expect(() => {
      requireApproved(state, other, nodeDigest, nodeVerifier);
    }).toThrow(expect.objectContaining({ code: 'approval-other-digest' }));
  });

  it('a quorum that cannot attend is refused before anything is touched', async () => {
    const checked = await new MemoryRoom().check(approvedPlan.replace('{ quorum: 2, by', '{ quorum: 4, by'));
    expect(checked).toMatchObject({ ok: false, refusals: [{ code: 'plan-approvals-quorum' }] });
  });
});

describe('approvals signed with an officer’s own key', () => {
  /** A room in which Olga's own token stands for the plan's "issuing", and the plan that enrols her key. */
  async function enrolled(spki?: string): Promise<{ plan: string; room: MemoryRoom; key: string }> {
    const room = new MemoryRoom();
    const token = room.issuing.open();
    await token.login(memoryPins.issuing);
    const made = await token.generateKey({ algorithm: 'ec-p256', label: 'olga', id: new Uint8Array([7]) });
    room.issuing.lose();
    room.setting = {
      ...room.setting,
      tokens: { ...room.setting.tokens, issuing: 'pkcs11:serial=00000000000000i1' },
    };
    const key = sha256(made.spki);
    const plan = approvedPlan
      .replace('\ntokens:', '\ntokens:\n  issuing: { for: the officer’s own key }')
      .replace(
        'by: [officer, witness] }',
        `by: [officer, witness], keys: { Olga One: { token: issuing, spki: ${spki ?? key} } } }`,
      );
    return { plan, room, key };
  }

  it('verify in the bundle with that key, and are all that counts where keys are named', async () => {
    const { plan, room, key } = await enrolled();
    const course = await Course.begin(plan, room);
    expect(await course.finish()).toEqual([]);
    const expect_ = expectations(room, course.ceremony);
    const archive = bundleOf(room, course.ceremony);
    expect(verifyBundle(archive, { ...expect_, approvals: { quorum: 2 } }, tools)).toMatchObject({ ok: true });
    expect(verifyBundle(archive, { ...expect_, approvals: { quorum: 1, keys: [key] } }, tools)).toMatchObject({
      ok: true,
    });
    const refusal = { code: 'bundle-approval-quorum' };
    const two = { quorum: 2, keys: [key, 'ab'.repeat(32)] };
    expect(verifyBundle(archive, { ...expect_, approvals: two }, tools)).toMatchObject({ refusal });
  });

  it('by a key that the plan does not enrol are refused, and nothing is signed', async () => {
    const { plan, room } = await enrolled('ab'.repeat(32));
    const course = await Course.begin(plan, room);
    expect(await course.untilFailure()).toBe('approval-key-missing');
    expect(room.root.calls.filter((call) => call === 'sign')).toEqual([]);
  });
});
