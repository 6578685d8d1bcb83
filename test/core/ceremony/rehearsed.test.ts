import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CeremonyEvent } from '../../../core/ceremony/events.ts';
import { step } from '../../../core/ceremony/step.ts';
import { fromBase64 } from '../../../core/ports/base64.ts';
import { edited } from '../../support/edited.ts';
import { sha256 } from '../../support/hierarchy.ts';
import { flipped } from '../../support/hostile/kind.ts';
import { rootPlan } from '../../support/memory/recording.ts';
import { MemoryRoom } from '../../support/memory/room.ts';

const plan = edited(rootPlan, ['hierarchy: example-corp\n', 'hierarchy: example-corp\nrehearsed: true\n']);
const bundle = '/rehearsal.coldroot';

interface Rehearsal {
  readonly archive: Uint8Array;
  readonly root: string;
}

/** Rehearses a plan on other tokens. */
async function rehearse(text: string, rehearsal = true): Promise<Rehearsal> {
  const room = new MemoryRoom();
  const held = await room.begin(text, rehearsal);
  expect(await room.play(held)).toEqual({ kind: 'finished' });
  const { certificates, bundle: left } = held.state;
  return {
    archive: room.media.files.get(`/out/${left?.file ?? ''}`) ?? new Uint8Array(),
    root: sha256(fromBase64(certificates['root-r1']?.der ?? '')),
  };
}

let good: Rehearsal;
let room: MemoryRoom;

/** Shows a rehearsal to the ceremony's preflight. */
function show({ archive, root }: Rehearsal): void {
  room.media.files.set(bundle, archive);
  room.setting = { ...room.setting, rehearsal: { bundle, root } };
}

beforeAll(async () => {
  good = await rehearse(plan);
});
beforeEach(() => {
  room = new MemoryRoom();
  room.now += 3600;
});

describe('a plan that must have been rehearsed', () => {
  it('is held once the bundle of its rehearsal is shown, which the report names', async () => {
    show(good);
    const held = await room.begin(plan);
    expect(await room.play(held)).toEqual({ kind: 'finished' });
    expect(held.state.beginning.rehearsed?.created).toBe(room.now - 3600);
    const archive = Buffer.from(room.media.files.get('/out/example-corp-1.coldroot') ?? []).toString('latin1');
    expect(archive).toContain('<th>rehearsed</th>');
  });

  it('is refused where none is shown, and can be rehearsed itself', async () => {
    expect(await room.refusals(plan)).toEqual(['rehearsal-missing']);
    expect(await room.check(plan, true)).toMatchObject({ ok: true });
  });

  it('is refused where another plan was rehearsed, though only a word is different', async () => {
    show(await rehearse(edited(plan, ['and never edit it', 'and never ever edit it'])));
    expect(await room.refusals(plan)).toEqual(['rehearsal-other-plan']);
  });

  it('is refused where a ceremony is shown that was no rehearsal', async () => {
    const held = await rehearse(edited(plan, ['rehearsed: true\n', '']), false);
    show(held);
    expect(await room.refusals(plan)).toEqual(['bundle-rehearsal-expected']);
  });

  it('is refused where the bundle of the rehearsal is spoilt, of another root, or not there', async () => {
    show({ ...good, archive: flipped(good.archive, -3000) });
    expect(await room.refusals(plan)).toEqual([expect.stringMatching(/^bundle-/u)]);
    show({ ...good, root: 'ab'.repeat(32) });
    expect(await room.refusals(plan)).toEqual(['bundle-root-missing']);
    show(good);
    room.media.files.delete(bundle);
    expect(await room.refusals(plan)).toEqual(['media-missing']);
  });

  it('must export a bundle: nothing else could be shown', async () => {
    const text = plan.replace(/ {2}- \{ do: export-bundle.*\n/u, '');
    expect(await room.refusals(text)).toContain('plan-rehearsed-export');
  });

  it('cannot be begun by a journal that names none', async () => {
    show(good);
    const checked = await room.check(plan);
    if (!checked.ok) throw new Error(JSON.stringify(checked.refusals));
    const { rehearsed: _none, ...begin } = checked.begin;
    expect(step(undefined, begin as CeremonyEvent)).toMatchObject({
      ok: false,
      refusal: { code: 'rehearsal-missing' },
    });
    expect(step(undefined, checked.begin)).toMatchObject({ ok: true });
  });

  it('another plan that is shown a rehearsal is held to it as well', async () => {
    show(good);
    expect(await room.refusals(rootPlan)).toEqual(['rehearsal-other-plan']);
  });
});
