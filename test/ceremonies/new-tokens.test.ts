import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exitCodes } from '../../tui/cli/exit-codes.ts';
import { edited } from '../support/edited.ts';
import {
  bindingText,
  createRoom,
  pins,
  shippedPlan,
  type RehearsalRoom,
  type RunResult,
} from '../support/rehearsal-room.ts';
import { softHsmMissing } from '../support/softhsm.ts';

const missing = softHsmMissing();

/** The act that makes a token of a plan ready for use, in front of its opening. */
function initialising(plan: string, token: string, label: string, more = ''): string {
  const opening = `  - { do: open-token, token: ${token} }\n`;
  const act = `  - { do: init-token, token: ${token}, label: ${label}, so-pin: { length: 16 }, by: [administrator, officer]${more} }\n`;
  return edited(plan, [opening, `${act}${opening}`]);
}

describe.skipIf(missing !== undefined)(
  `real tokens that the ceremony makes ready itself${missing === undefined ? '' : ` (SKIPPED: ${missing})`}`,
  () => {
    let room: RehearsalRoom;

    beforeAll(async () => {
      room = await createRoom();
    });
    afterAll(() => {
      room.remove();
    });

    async function hold(name: string, plan: string, tokens: Readonly<Record<string, string>>): Promise<RunResult> {
      room.write(`${name}.yaml`, plan);
      room.write(`${name}-binding.yaml`, bindingText(room.hsm, tokens));
      const at = ['--binding', room.path(`${name}-binding.yaml`), '--answers', room.path('answers.yaml')];
      return room.run('ceremony', 'run', room.path(`${name}.yaml`), ...at, '--rehearse', '--dir', room.path(name));
    }

    async function listed(): Promise<string> {
      return (await room.run('token', 'list', '--binding', room.path('root-binding.yaml'))).out;
    }

    it('a hierarchy of two tiers begins on two blank ones', async () => {
      const plan = readFileSync(shippedPlan('two-tier'), 'utf8');
      const both = initialising(initialising(plan, 'root', 'new-root'), 'issuing', 'new-issuing');
      const run = await hold('two', both, { root: 'blank:', issuing: 'blank:after=root' });
      expect([run.code, run.err]).toEqual([exitCodes.done, expect.any(String)]);
      const proven = await room.run('ceremony', 'verify', room.path('two'));
      expect(proven).toMatchObject({ code: exitCodes.done });
      const found = await listed();
      expect(found).toMatch(/^new-root\n/mu);
      expect(found).toMatch(/^new-issuing\n/mu);
    });

    it('one that holds the keys of a rehearsal is wiped with its own SO PIN, and begins anew under its serial', async () => {
      const plan = readFileSync(shippedPlan('root'), 'utf8');
      expect((await hold('old', plan, { root: room.serials.root })).code).toBe(exitCodes.done);
      const wiping = initialising(plan, 'root', 'wiped', ', wipe: true');
      const refused = await hold('wrong', wiping, { root: room.serials.root });
      expect(refused).toMatchObject({
        code: exitCodes.actFailed,
        err: expect.stringContaining('token-so-pin-incorrect') as string,
      });
      expect(await listed()).not.toMatch(/^wiped\n/mu);
      room.write('root.so-pin', `so-${pins.root}\n`, 0o600);
      const run = await hold('right', wiping, { root: room.serials.root });
      expect([run.code, run.err]).toEqual([exitCodes.done, expect.any(String)]);
      expect(await listed()).toMatch(new RegExp(`^wiped\\n.*;serial=${room.serials.root};`, 'mu'));
    });
  },
);
