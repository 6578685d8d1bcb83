import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseCanonicalJson } from '../../../core/journal/canonical.ts';
import { readTar } from '../../../core/bundle/tar.ts';
import { nodeDigest } from '../../../core/node/crypto.ts';
import { readJournal } from '../../../core/node/journal-sqlite.ts';
import { exitCodes } from '../../../tui/cli/exit-codes.ts';
import { sha256 } from '../../support/hierarchy.ts';
import {
  bindingText,
  createRoom,
  projectRoot,
  shippedPlan,
  type RehearsalRoom,
  type RunResult,
} from '../../support/rehearsal-room.ts';

const hook = path.join(projectRoot, 'test/faults/ceremony/kill-hook.mjs');
type Point = 'before-rename' | 'after-rename' | 'after-send';

/** How many ceremonies are killed at a time: the machine has two cores. */
const lanes = 3;

interface Rehearsal {
  readonly plan: string;
  readonly binding: string;
  readonly bundle: string;
}

const rootRehearsal: Rehearsal = {
  plan: shippedPlan('root'),
  binding: 'root-binding.yaml',
  bundle: 'example-corp-1-rehearsal.coldroot',
};
const intermediateRehearsal: Rehearsal = {
  plan: shippedPlan('intermediate'),
  binding: 'intermediate-binding.yaml',
  bundle: 'example-corp-2-rehearsal.coldroot',
};

function runArgs({ plan, binding }: Rehearsal): string[] {
  return ['ceremony', 'run', plan, '--binding', binding, '--answers', 'answers.yaml', '--rehearse', '--dir', 'held'];
}

/** Everything in a manifest that does not depend on time or chance. */
function shapeOf(room: RehearsalRoom, { bundle }: Rehearsal): unknown {
  const tar = readTar(readFileSync(room.path('held/out', bundle)));
  if (!tar.ok) throw new Error(tar.refusal.message);
  const manifest = parseCanonicalJson(tar.files.get('manifest.json') ?? new Uint8Array());
  return JSON.parse(
    JSON.stringify(manifest)
      .replaceAll(/"[0-9a-f]{64}"/gu, '"hash"')
      .replaceAll(/"\d{4}-\d\d-\d\dT[\d:]+Z"/gu, '"time"'),
  );
}

async function countPoints(room: RehearsalRoom, rehearsal: Rehearsal): Promise<Record<Point, number>> {
  const report = room.path('points.json');
  const result = await room.spawn(runArgs(rehearsal), { file: hook, data: { report } });
  expect(result).toMatchObject({ code: exitCodes.done });
  return JSON.parse(readFileSync(report, 'utf8')) as Record<Point, number>;
}

/** Resumes; where not even the first record was on disk there is nothing to resume, and it is begun again. */
function takeUp(room: RehearsalRoom, rehearsal: Rehearsal): Promise<RunResult> {
  if (!existsSync(room.path('held/journal.db'))) return room.spawn(runArgs(rehearsal));
  return room.spawn(['ceremony', 'resume', 'held', '--answers', 'answers.yaml']);
}

/** What is wrong after killing at a point and taking the ceremony up again; undefined when nothing is. */
async function killAt(
  from: RehearsalRoom,
  rehearsal: Rehearsal,
  point: Point,
  count: number,
  whole: { readonly objects: number; readonly shape: unknown },
): Promise<string | undefined> {
  const room = from.copy();
  try {
    if (rehearsal === intermediateRehearsal) writeIntermediateBinding(room);
    const killed = await room.spawn(runArgs(rehearsal), { file: hook, data: { point, count } });
    if (killed.signal !== 'SIGKILL') return `was not killed: ${killed.code} ${killed.err}`;
    const journal = room.path('held/journal.db');
    const before = existsSync(journal) ? await readJournal(journal, nodeDigest) : [];
    const resumed = await takeUp(room, rehearsal);
    if (resumed.code !== exitCodes.done)
      return `did not finish: ${resumed.code} ${resumed.err} ${resumed.out.slice(-160)}`;
    const after = await readJournal(journal, nodeDigest);
    const kept = before.every(({ hash }, index) => after[index]?.hash === hash);
    if (!kept) return 'the journal does not begin with what was there before';
    const objects = room.objects().length;
    if (objects !== whole.objects) return `${objects} objects on the tokens, not ${whole.objects}`;
    const shape = JSON.stringify(shapeOf(room, rehearsal));
    if (shape !== JSON.stringify(whole.shape)) return `another bundle: ${shape}`;
    const root = sha256(pemBytes(room.read('held/out/root-r1.pem')));
    const verified = await room.run(
      'bundle',
      'verify',
      room.path('held/out', rehearsal.bundle),
      '--root',
      root,
      '--rehearsal',
    );
    if (verified.code !== exitCodes.done) return verified.err;
    const proven = await room.run('ceremony', 'verify', room.path('held'));
    return proven.code === exitCodes.done ? undefined : proven.err;
  } finally {
    room.remove();
  }
}

function pemBytes(pem: string): Uint8Array {
  return Buffer.from(pem.replaceAll(/-----[A-Z ]+-----|\s/gu, ''), 'base64');
}

function writeIntermediateBinding(room: RehearsalRoom): void {
  const root = sha256(pemBytes(room.read('first/out/root-r1.pem')));
  const previous = `previous: { bundle: first/out/example-corp-1-rehearsal.coldroot, root: ${root} }\n`;
  room.write('intermediate-binding.yaml', bindingText(room.hsm, room.serials, previous));
}

/** Kills at every one of these points, a few at a time; what went wrong, by point. */
async function killEverywhere(
  room: RehearsalRoom,
  rehearsal: Rehearsal,
  points: readonly (readonly [Point, number])[],
  whole: { readonly objects: number; readonly shape: unknown },
): Promise<readonly string[]> {
  const queue = points.flatMap(([point, total]) =>
    Array.from({ length: total }, (_, index) => ({ point, count: index + 1 })),
  );
  const faults: string[] = [];
  const lane = async (): Promise<void> => {
    for (let job = queue.shift(); job !== undefined; job = queue.shift()) {
      const fault = await killAt(room, rehearsal, job.point, job.count, whole);
      if (fault !== undefined) faults.push(`${job.point} ${job.count}: ${fault}`);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return faults;
}

describe('a ceremony killed at any point is resumed to the same bundle with no second key', () => {
  let room: RehearsalRoom;

  beforeAll(async () => {
    room = await createRoom();
  });
  afterAll(() => {
    room.remove();
  });

  it('the root ceremony: before and after every durable write, and with every HSM request in flight', async () => {
    const measure = room.copy();
    const points = await countPoints(measure, rootRehearsal);
    const whole = { objects: measure.objects().length, shape: shapeOf(measure, rootRehearsal) };
    measure.remove();
    // Thirteen acts: each has at least an intent, an outcome and an answer on disk.
    expect(points['before-rename']).toBeGreaterThan(39);
    expect(points['after-send']).toBeGreaterThan(12);
    const all = Object.entries(points) as [Point, number][];
    expect(await killEverywhere(room, rootRehearsal, all, whole)).toEqual([]);
  }, 600_000);

  it('the intermediate ceremony: before every durable write', async () => {
    const prepared = room.copy();
    const args = runArgs(rootRehearsal).map((arg) => (arg === 'held' ? 'first' : arg));
    expect((await prepared.spawn(args)).code).toBe(exitCodes.done);
    writeIntermediateBinding(prepared);
    const measure = prepared.copy();
    writeIntermediateBinding(measure);
    const points = await countPoints(measure, intermediateRehearsal);
    const whole = { objects: measure.objects().length, shape: shapeOf(measure, intermediateRehearsal) };
    measure.remove();
    const faults = await killEverywhere(
      prepared,
      intermediateRehearsal,
      [['before-rename', points['before-rename']]],
      whole,
    );
    prepared.remove();
    expect(faults).toEqual([]);
  }, 600_000);
});
