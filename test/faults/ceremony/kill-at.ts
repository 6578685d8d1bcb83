// Interrupts real ceremonies, as a pulled plug would, at exact points, and takes each up again: what must be true afterwards
// is in faultAfter. The test files beside this one choose plans and points; vitest runs them in parallel.
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'vitest';
import { nodeDigest } from '../../../core/node/crypto.ts';
import { readJournal } from '../../../core/node/journal-sqlite.ts';
import { exitCodes } from '../../../tui/cli/exit-codes.ts';
import { bundleShape } from '../../support/bundle-shape.ts';
import { sha256 } from '../../support/hierarchy.ts';
import { projectRoot, type RehearsalRoom, type RunResult } from '../../support/rehearsal-room.ts';

const hook = path.join(projectRoot, 'test/faults/ceremony/kill-hook.mjs');

/** A ceremony to be killed. */
export interface Rehearsal {
  readonly plan: string;
  /** File of the binding, in the room. */
  readonly binding: string;
  /** Name of the bundle it makes. */
  readonly bundle: string;
  /** Makes what of the room depends on where it is: called in every copy of it. */
  readonly prepare?: (room: RehearsalRoom) => void;
}

/** What an undisturbed run leaves behind. */
interface Whole {
  readonly objects: number;
  readonly shape: string;
}

type Point = 'before-rename' | 'after-send';

interface Counts {
  readonly points: Readonly<Record<Point | 'unanswered', number>>;
}

/** The command line of a rehearsal, held in the room's folder `directory`. */
export function runArgs(room: RehearsalRoom, { plan, binding }: Rehearsal, directory = 'held'): string[] {
  const at = ['--binding', room.path(binding), '--answers', room.path('answers.yaml'), '--dir', room.path(directory)];
  return ['ceremony', 'run', plan, ...at, '--rehearse'];
}

/** SHA-256 of the root certificate that a ceremony held in `directory` made or continued. */
export function rootFingerprint(room: RehearsalRoom, directory: string): string {
  const pem = room.read(path.join(directory, 'out/root-r1.pem'));
  return sha256(Buffer.from(pem.replaceAll(/-----[A-Z ]+-----|\s/gu, ''), 'base64'));
}

function shapeOf(room: RehearsalRoom, { bundle }: Rehearsal): string {
  return bundleShape(room.path('held/out', bundle));
}

/** Resumes; where not even the first record was on disk there is nothing to resume, and it is begun again. */
function takeUpArgs(room: RehearsalRoom, rehearsal: Rehearsal): string[] {
  const [held, answers] = [room.path('held'), room.path('answers.yaml')];
  if (existsSync(path.join(held, 'journal.db'))) return ['ceremony', 'resume', held, '--answers', answers];
  return runArgs(room, rehearsal);
}

/** What is wrong with a ceremony that was interrupted and taken up again; undefined when nothing is. */
async function faultAfter(
  room: RehearsalRoom,
  rehearsal: Rehearsal,
  whole: Whole,
  takeUp: () => Promise<RunResult>,
): Promise<string | undefined> {
  const journal = room.path('held/journal.db');
  const before = existsSync(journal) ? await readJournal(journal, nodeDigest) : [];
  const resumed = await takeUp();
  if (resumed.code !== exitCodes.done)
    return `did not finish: ${resumed.code} ${resumed.err} ${resumed.out.slice(-160)}`;
  const after = await readJournal(journal, nodeDigest);
  const kept = before.every(({ hash }, index) => after[index]?.hash === hash);
  if (!kept) return 'the journal does not begin with what was there before';
  const objects = room.objects().length;
  if (objects !== whole.objects) return `${objects} objects on the tokens, not ${whole.objects}`;
  const shape = shapeOf(room, rehearsal);
  if (shape !== whole.shape) return `another bundle: ${shape}`;
  const root = rootFingerprint(room, 'held');
  const bundle = room.path('held/out', rehearsal.bundle);
  const verified = await room.run('bundle', 'verify', bundle, '--root', root, '--rehearsal');
  if (verified.code !== exitCodes.done) return verified.err;
  const proven = await room.run('ceremony', 'verify', room.path('held'));
  return proven.code === exitCodes.done ? undefined : proven.err;
}

/** An undisturbed run in `room`: what it leaves behind, and the points it went by. */
async function holdWhole(room: RehearsalRoom, rehearsal: Rehearsal, more: object = {}): Promise<Whole & Counts> {
  rehearsal.prepare?.(room);
  const reports = mkdtempSync(path.join(tmpdir(), 'coldroot-points-'));
  try {
    const report = path.join(reports, 'points.json');
    const { code, err } = await room.spawn(runArgs(room, rehearsal), { file: hook, data: { ...more, report } });
    if (code !== exitCodes.done) throw new Error(err);
    const points = JSON.parse(readFileSync(report, 'utf8')) as Counts['points'];
    return { objects: room.objects().length, shape: shapeOf(room, rehearsal), points };
  } finally {
    rmSync(reports, { recursive: true });
  }
}

/** What lies in the room: names of files, and how many objects the tokens hold. */
function filesOf(directory: string): string {
  const names = readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort();
  // What was being written has its process's number in its name.
  const plain = names
    .filter((name) => !name.startsWith('hsm/'))
    .map((name) => name.replace(/\.\d+-\d+\.new$/u, '.new'));
  return JSON.stringify([...plain, names.filter((name) => name.endsWith('.object')).length]);
}

/**
 * Holds the ceremony once, photographing the room before every durable write and after the last: what a process killed
 * there would leave, since no HSM request is under way then (counted, and it must be none). Then takes it up again from
 * every photograph, at the place it was taken; what went wrong. There is no photograph "after" the other writes: between
 * one and the next only HSM requests change anything that lasts, and those are points of their own. `really` are
 * the writes at which a real process is killed too, to see that it leaves what the photograph shows.
 */
export async function killAtWrites(
  from: RehearsalRoom,
  rehearsal: Rehearsal,
  least: number,
  really: readonly number[],
): Promise<readonly string[]> {
  const room = from.copy();
  const photographs = mkdtempSync(path.join(tmpdir(), 'coldroot-photographs-'));
  try {
    const whole = await holdWhole(room, rehearsal, { room: room.directory, photographs });
    const total = whole.points['before-rename'];
    expect(total).toBeGreaterThanOrEqual(least);
    expect(whole.points.unanswered).toBe(0);
    const faults: string[] = [];
    for (const count of really) {
      const killed = from.copy();
      rehearsal.prepare?.(killed);
      await killed.spawn(runArgs(killed, rehearsal), { file: hook, data: { point: 'before-rename', count } });
      expect(filesOf(killed.directory)).toBe(filesOf(path.join(photographs, String(count))));
      killed.remove();
    }
    for (const name of [...Array.from({ length: total }, (_, index) => String(index + 1)), 'last']) {
      room.remove();
      renameSync(path.join(photographs, name), room.directory);
      const fault = await faultAfter(room, rehearsal, whole, () => room.run(...takeUpArgs(room, rehearsal)));
      if (fault !== undefined) faults.push(`write ${name}: ${fault}`);
    }
    return faults;
  } finally {
    room.remove();
    rmSync(photographs, { recursive: true, force: true });
  }
}
