import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exitCodes } from '../../tui/cli/exit-codes.ts';
import { historyOf, shippedPlans } from '../support/ready-plans.ts';
import { bundleOf, rehearse, rootOf } from '../support/rehearse-plan.ts';
import { createRoom, type RehearsalRoom } from '../support/rehearsal-room.ts';

describe('every plan that ships runs unattended on real tokens, and its bundle is one its loader takes', () => {
  let room: RehearsalRoom;
  let afterRoot: RehearsalRoom;

  beforeAll(async () => {
    room = await createRoom();
    const first = room.copy();
    await rehearse(first, 'root', 1);
    afterRoot = first;
  }, 600_000);
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
        const bundle = bundleOf(own, epoch);
        const verified = await own.run('bundle', 'verify', bundle, '--root', rootOf(own), '--rehearsal');
        expect(verified).toMatchObject({ code: exitCodes.done });
        const proven = await own.run('ceremony', 'verify', bundle, '--root', rootOf(own));
        expect(proven).toMatchObject({ code: exitCodes.done, err: '' });
      } finally {
        own.remove();
      }
    },
    600_000,
  );
});
