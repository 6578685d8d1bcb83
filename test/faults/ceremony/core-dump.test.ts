// A program that crashes with a PIN in its memory, on a machine that keeps core dumps.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { programs, projectRoot } from '../../support/programs.ts';
import { furnishRoom } from '../../support/rehearse-plan.ts';
import { createRoom, pins, type RehearsalRoom } from '../../support/rehearsal-room.ts';
import { softHsmMissing } from '../../support/softhsm.ts';
import { freshDist } from '../../terminal/fresh-dist.ts';

const hook = path.join(projectRoot, 'test/faults/ceremony/dump-hook.mjs');
const pattern = '/proc/sys/kernel/core_pattern';

/** Why no dump would be found here: it goes to a service, or to another folder. */
function dumpsMissing(): string | undefined {
  if (!existsSync(pattern)) return 'this is not Linux';
  const kept = readFileSync(pattern, 'utf8').trim();
  return /^core[.%a-z]*$/u.test(kept) ? undefined : `core dumps go elsewhere (${kept})`;
}

const missing = softHsmMissing() ?? dumpsMissing();
if (missing !== undefined) console.warn(`NOT CHECKED: what a core dump holds. ${missing}`);

describe.skipIf(missing !== undefined)('a core dump', () => {
  let room: RehearsalRoom;

  beforeAll(async () => {
    await freshDist();
    room = await createRoom();
  }, 600_000);
  afterAll(() => {
    room?.remove();
  });

  /** Has a process of a ceremony dump core; what was dumped. */
  async function dumpOf(data: { readonly whose: string; readonly filter?: string }): Promise<Buffer> {
    const place = room.path('dumps');
    mkdirSync(place);
    const { run } = furnishRoom(room, 'root', 1);
    const command = [process.execPath, '--import', hook, programs.coldroot, ...run];
    const child = spawn('sh', ['-c', 'ulimit -c unlimited; exec "$@"', 'sh', ...command], {
      cwd: place,
      env: { ...process.env, COLDROOT_TEST_HOOK: JSON.stringify(data) },
      stdio: 'ignore',
    });
    await new Promise((resolve) => child.on('close', resolve));
    const [core = ''] = readdirSync(place).filter((name) => name.startsWith('core'));
    try {
      return readFileSync(path.join(place, core));
    } finally {
      for (const made of [place, room.path('held-1')]) rmSync(made, { recursive: true, force: true });
    }
  }

  it.each(['program', 'tokens'])(
    'of the %s process holds no PIN, though one without our switch would',
    async (whose) => {
      const ours = await dumpOf({ whose });
      expect(ours.length).toBeGreaterThan(0);
      expect(ours.includes(pins.root)).toBe(false);
      const usual = await dumpOf({ whose, filter: '0x33' });
      expect(usual.includes(pins.root)).toBe(true);
    },
    600_000,
  );
});
