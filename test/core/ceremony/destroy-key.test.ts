import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Ceremony } from '../../../core/ceremony/run.ts';
import { fromBase64 } from '../../../core/ports/base64.ts';
import { sha256 } from '../../support/hierarchy.ts';
import { rootPlan } from '../../support/memory/recording.ts';
import { MemoryRoom } from '../../support/memory/room.ts';
import { shippedPlan } from '../../support/rehearsal-room.ts';

const plan = readFileSync(shippedPlan('key-destruction'), 'utf8');

/** A root that is to end: the ceremony waits for the first DESTROY. */
async function untilDestroy(own = plan, label = 'root-r1'): Promise<{ room: MemoryRoom; ceremony: Ceremony }> {
  const room = new MemoryRoom();
  const first = await room.begin(rootPlan);
  await room.play(first);
  room.continueFrom(first, sha256(fromBase64(first.state.certificates['root-r1']?.der ?? '')));
  room.setting = { ...room.setting, tokens: { root: 'pkcs11:serial=00000000000000r1' } };
  room.root.keys = room.root.keys.map((key) => (key.label === 'root-r1' ? { ...key, label } : key));
  const ceremony = await room.begin(own);
  await room.playUntil(ceremony, (next, act) => act === 'destroy-key' && next.kind === 'ask');
  return { room, ceremony };
}

function labels(room: MemoryRoom): readonly string[] {
  return room.root.keys.map(({ label }) => label);
}

function certificate(room: MemoryRoom): string {
  return Buffer.from(room.media.files.get(`${room.setting.output}/root-r1-destroyed.txt`) ?? []).toString('utf8');
}

describe('destroying a key', () => {
  it('waits for every role’s word, leaves the other keys, and certifies what went and who was there', async () => {
    const { room, ceremony } = await untilDestroy();
    expect(await ceremony.answer('confirm-administrator', 'destroy')).toMatchObject({ code: 'answer-refused' });
    expect(labels(room)).toEqual(['root-r1', 'bundle-signer-b1']);
    expect(await room.play(ceremony)).toEqual({ kind: 'finished' });
    expect(labels(room)).toEqual(['bundle-signer-b1']);
    expect(Object.keys(ceremony.state.keys)).toEqual(['bundle-signer-b1']);
    expect(certificate(room)).toMatch(/^CERTIFICATE OF DESTRUCTION\n/u);
    expect(certificate(room)).toContain('present: Wim Witness (witness)');
  });

  it('certifies no witness whom the label of a key names', async () => {
    const { room, ceremony } = await untilDestroy(undefined, 'root-r1\rpresent: Eve Elsewhere (auditor)\u202e');
    expect(await room.play(ceremony)).toEqual({ kind: 'finished' });
    expect(
      certificate(room)
        .split(/[\n\r]/u)
        .filter((line) => line.startsWith('present: Eve')),
    ).toEqual([]);
    expect(certificate(room)).toContain('root-r1\\u{d}present: Eve Elsewhere (auditor)\\u{202e}');
  });

  it('is finished after an interruption that came before or after it, and says which', async () => {
    for (const when of ['before', 'after'] as const) {
      const { room, ceremony } = await untilDestroy();
      room.root.failNext('destroyKey', 'token-busy', when);
      expect(await room.play(ceremony)).toMatchObject({ kind: 'failed', failure: { code: 'token-busy' } });
      const resumed = await room.resume();
      expect(await room.play(resumed)).toEqual({ kind: 'finished' });
      expect(labels(room)).toEqual(['bundle-signer-b1']);
      const summary = resumed.state.completed.flatMap((act) => act.summary);
      const halves = summary.find(({ label }) => label === 'halves destroyed')?.value;
      expect(halves).toBe(when === 'before' ? '2' : 'none left: they went before an interruption');
    }
  });

  it('that a later act would use is refused before anything is touched', async () => {
    const late = plan.replace(/( {2}- \{ do: issue-crl.*\n)( {2}- \{ do: destroy-key.*\n)/u, '$2$1');
    const room = new MemoryRoom();
    const first = await room.begin(rootPlan);
    await room.play(first);
    room.continueFrom(first, sha256(fromBase64(first.state.certificates['root-r1']?.der ?? '')));
    room.setting = { ...room.setting, tokens: { root: 'pkcs11:serial=00000000000000r1' } };
    expect(await room.check(late)).toMatchObject({ ok: false, refusals: [{ code: 'plan-key-unknown' }] });
    expect(labels(room)).toEqual(['root-r1', 'bundle-signer-b1']);
  });
});
