import { describe, expect, it } from 'vitest';
import type { Ceremony } from '../../core/ceremony/run.ts';
import type { MemoryRoom } from '../support/memory/room.ts';
import { roomFor } from '../support/memory/transcript.ts';
import { readShipped, shippedPlans } from '../support/ready-plans.ts';

/** Kinds of record that an interruption itself leaves. */
const ofResuming: ReadonlySet<string> = new Set(['begin', 'resume', 'reopened', 'secret', 'redo', 'found']);

class PowerCut extends Error {}

/** Everything about what a ceremony made that does not depend on time or chance. */
function shapeOf({ state }: Ceremony, room: MemoryRoom): unknown {
  const certificates = Object.entries(state.certificates).map(([name, { type, issuedBy }]) => [name, type, issuedBy]);
  const crls = Object.entries(state.crls).map(([issuer, { number }]) => [issuer, number]);
  const keys = [room.root, room.issuing].map((token) => token.keys.map(({ label, halves }) => [label, halves]));
  return { status: state.status, certificates, crls, keys, revocations: state.revocations, epoch: state.bundle?.epoch };
}

async function undisturbed(name: string): Promise<unknown> {
  const room = await roomFor(name);
  const ceremony = await room.begin(readShipped(name).text);
  await room.play(ceremony);
  return shapeOf(ceremony, room);
}

/** Holds a ceremony to its end, taking it up again after every power cut. */
async function throughPowerCuts(room: MemoryRoom, name: string): Promise<Ceremony> {
  let ceremony = await room.begin(readShipped(name).text);
  for (;;) {
    try {
      await room.play(ceremony);
      return ceremony;
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
      ceremony = await room.resume();
    }
  }
}

describe('a ceremony whose power fails before every one of its records', () => {
  it.each(shippedPlans())(
    '%s ends with the same certificates, CRLs and keys, and has done nothing twice',
    async (name) => {
      const room = await roomFor(name);
      const cut = new Set<string>();
      room.journal.onAppend = ({ kind, body }) => {
        const { act, prompt } = body as { readonly act?: number; readonly prompt?: string };
        const place = `${kind} ${act ?? ''} ${prompt ?? ''}`;
        if (ofResuming.has(kind) || cut.has(place)) return;
        cut.add(place);
        throw new PowerCut(place);
      };
      const ceremony = await throughPowerCuts(room, name);
      expect(ceremony.state.status).toBe('finished');
      // Before and after every act that is written ahead, and before every answer.
      expect(cut.size).toBeGreaterThan(2 * ceremony.state.completed.length);
      expect(ceremony.state.resumptions).toBe(cut.size);
      expect(shapeOf(ceremony, room)).toEqual(await undisturbed(name));
    },
    600_000,
  );
});
