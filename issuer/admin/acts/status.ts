import { z } from 'zod';
import { formatUtc } from '../../../core/profile/dates.ts';
import { isNear } from '../../ops/ends.ts';
import { adminAct } from '../act.ts';

const day = 86_400;

/** What an operator asks first: is all well, and what ends when. */
export const status = adminAct({
  summary: 'Say whether all is well, and what ends when',
  input: z.strictObject({}),
  async looks(_, { clock, health, ends }) {
    const now = clock.now();
    await ends.refresh();
    const problems = await health.problems();
    return {
      version: health.version,
      mode: health.mode,
      hierarchy: health.hierarchy,
      epoch: health.epoch,
      problems,
      warnings: health.warnings().map(({ kind, name, remedy }) => ({ kind, name, remedy })),
      ends: ends.ends.map((end) => ({
        kind: end.kind,
        name: end.name,
        ends: formatUtc(end.ends),
        daysLeft: Math.max(0, Math.floor((end.ends - now) / day)),
        near: isNear(end, now) ? 'yes' : 'no',
      })),
    };
  },
});
