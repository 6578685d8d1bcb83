// Rehearses plans that ship, one after the other, in one room: each as the ceremony after the one before it.
import { readFileSync } from 'node:fs';
import { exitCodes } from '../../tui/cli/exit-codes.ts';
import { sha256 } from './hierarchy.ts';
import { backupsOf, deviceOf, givenOutBy, initializes, mediaOf, readShipped, receiptsOf } from './ready-plans.ts';
import { receiptFor } from './receipt.ts';
import { bindingText, shippedPlan, type RehearsalRoom } from './rehearsal-room.ts';

export function pemBytes(pem: string): Uint8Array {
  return Buffer.from(pem.replaceAll(/-----[A-Z ]+-----|\s/gu, ''), 'base64');
}

/** Where officers keep their shares: those of the ceremony before, and those they are handed in this one. */
function sharesText(epoch: number): string {
  const files = (of: number): string => [1, 2, 3, 4, 5].map((share) => `{ file: share-${share}-${of} }`).join(', ');
  return `shares: { root: [${files(epoch - 1)}] }\nnew-shares: { root: [${files(epoch)}] }\n`;
}

/** SHA-256 of the root that the first ceremony of the room made. */
export function rootOf(room: RehearsalRoom): string {
  return sha256(pemBytes(room.read('held-1/out/root-r1.pem')));
}

/** Path of the bundle that the `epoch`th ceremony of the room makes. */
export function bundleOf(room: RehearsalRoom, epoch: number): string {
  return room.path(`held-${epoch}/out/example-corp-${epoch}-rehearsal.coldroot`);
}

/** Command lines of one rehearsal: from an answers file, taken up again from it, and begun with people at the terminal. */
interface Furnished {
  readonly run: string[];
  readonly resume: string[];
  readonly byKeyboard: string[];
}

/** Puts into the room what the plan wants from outside, and says how to hold and how to resume it there. */
export function furnishRoom(room: RehearsalRoom, name: string, epoch: number): Furnished {
  const { plan } = readShipped(name);
  const wanted = Object.keys(plan.tokens);
  const tokens = Object.fromEntries(
    wanted.map((token) => [token, initializes(plan, token) ? 'blank:' : room.serials[deviceOf(token)]]),
  );
  const files = mediaOf(plan).map(([file, fixture]) => {
    room.write(`media/${file}`, readFileSync(fixture, 'utf8'));
    return `${file}: ${room.path('media', file)}`;
  });
  for (const file of receiptsOf(plan)) {
    room.write(`media/${file}`, Buffer.from(receiptFor(readFileSync(bundleOf(room, epoch - 1)))).toString());
    files.push(`${file}: ${room.path('media', file)}`);
  }
  files.push(...givenOutBy(plan).map((file) => `${file}: ${room.path('media', file)}`));
  files.push(...backupsOf(plan).map((file) => `${file}: ${room.path('backups', file)}`));
  const previous =
    plan.previous === 'none' ? '' : `previous: { bundle: ${bundleOf(room, epoch - 1)}, root: ${rootOf(room)} }\n`;
  room.write('binding.yaml', bindingText(room.hsm, tokens, `${previous}files: { ${files.join(', ')} }\n`));
  room.write('answers-now.yaml', `${room.read('answers.yaml')}${sharesText(epoch)}`);
  const held = room.path(`held-${epoch}`);
  const answers = ['--answers', room.path('answers-now.yaml')];
  const byKeyboard = ['ceremony', 'run', shippedPlan(name), '--binding', room.path('binding.yaml')];
  byKeyboard.push('--rehearse', '--dir', held);
  return {
    run: [...byKeyboard, ...answers],
    resume: ['ceremony', 'resume', held, ...answers],
    byKeyboard,
  };
}

/** Rehearses a plan as the `epoch`th ceremony of the room, which must finish and verify. */
export async function rehearse(room: RehearsalRoom, name: string, epoch: number): Promise<void> {
  const { run: args } = furnishRoom(room, name, epoch);
  const run = await room.run(...args);
  if (run.code !== exitCodes.done) throw new Error(`${name}: ${run.err}\n${run.out.slice(-500)}`);
  const proven = await room.run('ceremony', 'verify', room.path(`held-${epoch}`));
  if (proven.code !== exitCodes.done) throw new Error(`${name}: ${proven.err}`);
}
