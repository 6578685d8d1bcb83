import { z } from 'zod';
import { formatUtc } from '../../../core/profile/dates.ts';
import { limitKinds } from '../../store/rate-limit.ts';
import { dropOverride, listOverrides, setOverride } from '../../store/rate-limit-overrides.ts';
import { adminAct, limitSchema } from '../act.ts';

const kind = z.enum(limitKinds);
const subject = z.string().min(1).max(400);

export const limits = adminAct({
  summary: 'List overrides of rate limits',
  input: z.strictObject({ limit: limitSchema }),
  looks: ({ limit }, { database }) => listOverrides(database, limit),
});

export const setLimit = adminAct({
  summary: 'Give one account, address or name other limits',
  input: z.strictObject({
    kind,
    subject,
    count: z.coerce.number().int().min(1).max(1_000_000_000),
    /** Seconds. */
    period: z.coerce.number().int().min(1).max(34_560_000),
    reason: z.string().min(1).max(500),
  }),
  async does(override, queries, { clock }) {
    await setOverride(queries, override, formatUtc(clock.now()));
    return { result: { set: true }, record: { ...override } };
  },
});

export const dropLimit = adminAct({
  summary: 'Go back to the limits of the configuration',
  input: z.strictObject({ kind, subject }),
  async does(override, queries) {
    const done = await dropOverride(queries, override.kind, override.subject);
    return { result: { dropped: done }, record: done ? { ...override } : undefined };
  },
});
