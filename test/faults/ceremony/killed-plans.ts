// Which plans are killed at every act, and in which test file: several, because vitest runs files side by side and this is
// most of the work of the whole suite. Equal parts, by the places at which a plan's ceremony can be killed.
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { historyOf, readShipped } from '../../support/ready-plans.ts';
import { rehearse } from '../../support/rehearse-plan.ts';
import { createRoom, type RehearsalRoom } from '../../support/rehearsal-room.ts';
import { softHsmMissing } from '../../support/softhsm.ts';
import { judgeKilled } from './kill-every-act.ts';

/** Plans by the test file that kills them, `kill-every-act-….test.ts`. Those of one file begin from the same rooms. */
export const killedPlans: Readonly<Record<string, readonly string[]>> = {
  hierarchies: ['root', 'root-rsa-4096', 'two-tier'],
  keys: ['backup-and-restore-drill', 'restore-drill', 'root-recovery', 'key-destruction'],
  certificates: [
    'intermediate',
    'intermediate-from-csr',
    'cross-certificate',
    'renew-root',
    'root-crl',
    'bundle-re-export',
    'key-attestation',
    'request-to-another-ca',
  ],
  changes: [
    'token-initialization',
    'pin-shares',
    'custodian-change',
    'intermediate-rollover',
    'revoke-intermediate',
    'emergency-revocation',
    'ocsp-signer',
  ],
};

/** Rooms in which a series of ceremonies was held, each made once, from the room of the series without its last. */
const rooms = new Map<string, Promise<RehearsalRoom>>();

function roomAfter(history: readonly string[]): Promise<RehearsalRoom> {
  const key = history.join(' ');
  const last = history.at(-1);
  const found =
    rooms.get(key) ??
    (last === undefined ? createRoom() : heldIn(roomAfter(history.slice(0, -1)), last, history.length));
  rooms.set(key, found);
  return found;
}

async function heldIn(before: Promise<RehearsalRoom>, name: string, epoch: number): Promise<RehearsalRoom> {
  const room = (await before).copy();
  await rehearse(room, name, epoch);
  return room;
}

/** Fewest places at which a ceremony can be killed: each of its signatures, before, during and after. */
function fewestCuts(name: string): number {
  return 3 * readShipped(name).plan.acts.filter(({ do: act }) => /^(?:issue-|cross-|renew-|export-)/u.test(act)).length;
}

/** The tests of a file, by its name: it has the plans that the table gives it, and no others. */
export function killPlansOf(file: string): void {
  const part = /^kill-every-act-(?<part>.+)\.test\.ts$/u.exec(path.basename(file))?.groups?.['part'] ?? '';
  const missing = softHsmMissing();
  describe.skipIf(missing !== undefined)(
    `a ceremony killed before, during and after every act on an HSM (kill -9)${missing === undefined ? '' : ` (SKIPPED: ${missing})`}`,
    () => {
      beforeAll(() => roomAfter([]), 300_000);
      afterAll(async () => {
        for (const room of rooms.values()) (await room).remove();
      });

      it.each(killedPlans[part] ?? [])(
        '%s: the same artefacts, no key unexplained, every interruption a deviation',
        async (name) => {
          const history = historyOf(name);
          const { cuts, ...rules } = await judgeKilled(await roomAfter(history), name, history.length + 1);
          expect(Object.entries(rules).filter(([, kept]) => kept !== true)).toEqual([]);
          expect((cuts as readonly string[]).length).toBeGreaterThanOrEqual(fewestCuts(name));
        },
        // Fifty processes one after the other, on a machine that may be busy with others.
        900_000,
      );
    },
  );
}
