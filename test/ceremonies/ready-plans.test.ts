import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exitCodes } from '../../tui/cli/exit-codes.ts';
import { sha256 } from '../support/hierarchy.ts';
import { historyOf, initializes, mediaOf, readShipped, shippedPlans } from '../support/ready-plans.ts';
import { bindingText, createRoom, shippedPlan, type RehearsalRoom } from '../support/rehearsal-room.ts';

function pemBytes(pem: string): Uint8Array {
  return Buffer.from(pem.replaceAll(/-----[A-Z ]+-----|\s/gu, ''), 'base64');
}

/** Where officers keep their shares: those of the ceremony before, and those they are handed in this one. */
function sharesText(epoch: number): string {
  const files = (of: number): string => [1, 2, 3, 4, 5].map((share) => `{ file: share-${share}-${of} }`).join(', ');
  return `shares: { root: [${files(epoch - 1)}] }\nnew-shares: { root: [${files(epoch)}] }\n`;
}

/** Rehearses a plan as the `epoch`th ceremony of the room, which must finish and verify. */
async function rehearse(room: RehearsalRoom, name: string, epoch: number): Promise<void> {
  const { plan } = readShipped(name);
  const wanted = Object.keys(plan.tokens) as (keyof typeof room.serials)[];
  const tokens = Object.fromEntries(
    wanted.map((token) => [token, initializes(plan, token) ? 'blank:' : room.serials[token]]),
  );
  const files = mediaOf(plan).map(([file, fixture]) => {
    room.write(`media/${file}`, readFileSync(fixture, 'utf8'));
    return `${file}: media/${file}`;
  });
  const last = `held-${epoch - 1}/out`;
  const previous =
    plan.previous === 'none'
      ? ''
      : `previous: { bundle: ${last}/example-corp-${epoch - 1}-rehearsal.coldroot, root: ${rootOf(room)} }\n`;
  room.write('binding.yaml', bindingText(room.hsm, tokens, `${previous}files: { ${files.join(', ')} }\n`));
  room.write('answers-now.yaml', `${room.read('answers.yaml')}${sharesText(epoch)}`);
  const args = ['--binding', room.path('binding.yaml'), '--answers', room.path('answers-now.yaml'), '--rehearse'];
  const held = room.path(`held-${epoch}`);
  const run = await room.run('ceremony', 'run', shippedPlan(name), ...args, '--dir', held);
  if (run.code !== exitCodes.done) throw new Error(`${name}: ${run.err}\n${run.out.slice(-500)}`);
  const proven = await room.run('ceremony', 'verify', held);
  if (proven.code !== exitCodes.done) throw new Error(`${name}: ${proven.err}`);
}

function rootOf(room: RehearsalRoom): string {
  return sha256(pemBytes(room.read('held-1/out/root-r1.pem')));
}

describe('every plan that ships runs unattended on real tokens, and its bundle is one its loader takes', () => {
  let room: RehearsalRoom;
  let afterRoot: RehearsalRoom;

  beforeAll(async () => {
    room = await createRoom();
    const first = room.copy();
    await rehearse(first, 'root', 1);
    afterRoot = first;
  }, 120_000);
  afterAll(() => {
    room.remove();
    afterRoot.remove();
  });

  it.each(shippedPlans())(
    '%s',
    async (name) => {
      const history = historyOf(name);
      const own = ([...history, name][0] === 'root' ? afterRoot : room).copy();
      try {
        const epoch = history.length + 1;
        for (const [index, one] of [...history, name].entries()) {
          if (index > 0 || one !== 'root') await rehearse(own, one, index + 1);
        }
        const bundle = own.path(`held-${epoch}/out/example-corp-${epoch}-rehearsal.coldroot`);
        const verified = await own.run('bundle', 'verify', bundle, '--root', rootOf(own), '--rehearsal');
        expect(verified).toMatchObject({ code: exitCodes.done });
      } finally {
        own.remove();
      }
    },
    120_000,
  );
});
