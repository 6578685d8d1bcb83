// What subjects of leaves may say: from the plan over the officers' eyes into the bundle, and on into the next ceremony.
import { beforeAll, describe, expect, it } from 'vitest';
import { verifyBundle } from '../../../core/bundle/verify.ts';
import type { Ceremony } from '../../../core/ceremony/run.ts';
import { fromBase64 } from '../../../core/ports/base64.ts';
import { edited } from '../../support/edited.ts';
import { tools } from '../../support/forge.ts';
import { sha256 } from '../../support/hierarchy.ts';
import { rootPlan } from '../../support/memory/recording.ts';
import { MemoryRoom } from '../../support/memory/room.ts';
import { readShipped } from '../../support/ready-plans.ts';

const { text: shipped } = readShipped('intermediate');
const issuance = 'issuance: { maxValidity: 90d,';
const saying = (subject: string): string => edited(shipped, [issuance, `${issuance} subject: ${subject},`]);

const renewal = edited(
  saying('{}'),
  ['  - { do: generate-key, token: issuing, key: issuing-i1, by: [administrator, officer] }\n', ''],
  [', expect: empty', ''],
  ['  bundle-signer-b1: { token: root }\n', '  bundle-signer-b1: { token: root }\n  issuing-i1: { token: issuing }\n'],
  [
    'do: issue-intermediate, profile: issuing-1, issuer: root-r1, subject-key: issuing-i1,',
    'do: renew-intermediate, certificate: issuing-i1, profile: issuing-1, issuer: root-r1,',
  ],
);

describe('the policy for subjects of leaves', () => {
  let room: MemoryRoom;
  let root = '';

  beforeAll(async () => {
    room = new MemoryRoom();
    const held = await room.begin(rootPlan);
    await room.play(held);
    root = sha256(fromBase64(held.state.certificates['root-r1']?.der ?? ''));
    room.continueFrom(held, root);
  });

  function policiesIn(held: Ceremony): readonly unknown[] {
    const { epoch = 0, file = '' } = held.state.bundle ?? {};
    const archive = room.media.files.get(`/out-${epoch}/${file}`) ?? new Uint8Array();
    const verdict = verifyBundle(archive, { rootFingerprint: root, now: room.now + 60, rehearsal: 'refuse' }, tools);
    if (!verdict.ok) throw new Error(verdict.refusal.message);
    return verdict.bundle.manifest.issuers.map(({ policy }) => policy.subject);
  }

  it.each([
    ['an attribute that no leaf has', '{ DC: [internal] }'],
    ['a value that its attribute cannot have', '{ C: [Germany] }'],
    ['an attribute without values', '{ O: [] }'],
    ['a value that is no list', '{ O: Example Corp }'],
  ])('is refused with %s', async (_, subject) => {
    const checked = await room.check(saying(subject));
    const places = checked.ok ? [] : checked.refusals.map(({ where }) => where?.field ?? '');
    expect(places).not.toEqual([]);
    for (const place of places) expect(place).toContain('issuance.subject');
  });

  it('is shown to those who confirm, signed into the bundle, and changed by a renewal alone', async () => {
    const held = await room.begin(saying('{ O: [Example Corp, Example Labs], OU: any }'));
    const asked = await room.playUntil(
      held,
      (next, act) => act === 'issue-intermediate' && next.kind === 'ask' && next.prompt.kind === 'word',
    );
    expect(asked).toMatchObject({
      prompt: {
        show: expect.arrayContaining([
          {
            label: 'subjects of its leaves, beside names',
            value: 'O "Example Corp" or "Example Labs"; OU anything',
          },
        ]),
      },
    });
    expect(await room.play(held)).toEqual({ kind: 'finished' });
    const signed = { O: ['Example Corp', 'Example Labs'], OU: 'any' };
    expect(policiesIn(held)).toEqual([signed]);
    room.continueFrom(held, root);
    const next = await room.begin(renewal);
    expect(next.state.certificates['issuing-i1']?.policy).toMatchObject({ subject: signed });
    expect(await room.play(next)).toEqual({ kind: 'finished' });
    expect(policiesIn(next)).toEqual([{}]);
  });
});
