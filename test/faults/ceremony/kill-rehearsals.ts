import { exitCodes } from '../../../tui/cli/exit-codes.ts';
import { bindingText, shippedPlan, type RehearsalRoom } from '../../support/rehearsal-room.ts';
import { rootFingerprint, runArgs, type Rehearsal } from './kill-at.ts';

/** The plan of a new hierarchy, in a fresh room. */
export const rootRehearsal: Rehearsal = {
  plan: shippedPlan('root'),
  binding: 'root-binding.yaml',
  bundle: 'example-corp-1-rehearsal.coldroot',
};

const firstBundle = 'first/out/example-corp-1-rehearsal.coldroot';

/** The plan that continues it with an issuing CA, in a room that `holdRootFirst` prepared. */
export const intermediateRehearsal: Rehearsal = {
  plan: shippedPlan('intermediate'),
  binding: 'intermediate-binding.yaml',
  bundle: 'example-corp-2-rehearsal.coldroot',
  prepare: (room) => {
    const previous = `previous: { bundle: ${firstBundle}, root: ${rootFingerprint(room, 'first')} }\n`;
    room.write('intermediate-binding.yaml', bindingText(room.hsm, room.serials, previous));
  },
};

/** Holds the root ceremony whole, in the folder `first`. */
export async function holdRootFirst(room: RehearsalRoom): Promise<void> {
  const { code, err } = await room.spawn(runArgs(room, rootRehearsal, 'first'));
  if (code !== exitCodes.done) throw new Error(err);
}
