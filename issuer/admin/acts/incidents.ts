import { z } from 'zod';
import { systemEntropy as entropy } from '../../../core/node/entropy.ts';
import { CodedError } from '../../../core/ports/coded-error.ts';
import { formatUtc } from '../../../core/profile/dates.ts';
import { newId } from '../../acme/ids.ts';
import { countConcerned, endIncident, insertIncident, listIncidents } from '../../store/incidents.ts';
import { isForeignKeyViolation } from '../../store/database.ts';
import { adminAct, idSchema, timeSchema } from '../act.ts';

export const incidents = adminAct({
  summary: 'List incidents',
  input: z.strictObject({}),
  looks: (_, { database }) => listIncidents(database),
});

/** Clients that ask when to renew (RFC 9773) are told a time from now to the deadline, each another. */
export const addIncident = adminAct({
  summary: 'Have everything renewed that an issuing CA signed',
  input: z.strictObject({
    issuer: z.string().min(1).max(64),
    /** Now, when nothing is said. */
    issuedBefore: timeSchema.optional(),
    deadline: timeSchema,
    explanationUrl: z.url().max(500).optional(),
  }),
  async does({ issuer, issuedBefore, deadline, explanationUrl }, queries, { clock }) {
    const now = formatUtc(clock.now());
    const incident = { issuer, issuedBefore: issuedBefore ?? now, begins: now, deadline };
    const id = newId({ clock, entropy });
    try {
      await insertIncident(queries, { ...incident, id, explanationUrl: explanationUrl ?? null, now });
    } catch (error) {
      if (!isForeignKeyViolation(error)) throw error;
      throw new CodedError({
        code: 'incident-issuer-unknown',
        message: `No bundle has brought an issuing CA "${issuer}".`,
        remedy: 'Name it as the bundle does: "coldroot-issuer bundles" lists them.',
      });
    }
    const concerned = await countConcerned(queries, incident, now);
    return { result: { id, ...concerned }, record: { id, ...incident } };
  },
});

export const closeIncident = adminAct({
  summary: 'End an incident: suggestions are as usual again',
  input: z.strictObject({ id: idSchema }),
  async does({ id }, queries, { clock }) {
    const done = await endIncident(queries, id, formatUtc(clock.now()));
    return { result: { ended: done }, record: done ? { id } : undefined };
  },
});
