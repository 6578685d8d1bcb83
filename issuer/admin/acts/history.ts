import { z } from 'zod';
import { readAudit, type StoredRecord } from '../../store/audit.ts';
import { listBundles } from '../../store/list-bundles.ts';
import { adminAct, limitSchema } from '../act.ts';
import { verifyAudit } from '../audit.ts';

export const bundles = adminAct({
  summary: 'List the bundles that were loaded',
  input: z.strictObject({ limit: limitSchema }),
  looks: ({ limit }, { database }) => listBundles(database, limit),
});

/** For people, also where somebody has changed it: what is no JSON any more is shown as it stands. */
function shown({ body, ...rest }: StoredRecord): object {
  try {
    return { ...rest, body: JSON.parse(body) as unknown };
  } catch {
    return { ...rest, body };
  }
}

export const audit = adminAct({
  summary: 'List what operators did',
  input: z.strictObject({ after: z.coerce.number().int().min(0).default(0), limit: limitSchema }),
  looks: async ({ after, limit }, { database }) => (await readAudit(database, after, limit)).map(shown),
});

export const auditVerify = adminAct({
  summary: 'Verify the audit log',
  input: z.strictObject({
    head: z
      .string()
      .regex(/^[0-9a-f]{64}$/u, 'not a SHA-256 in lower-case hex')
      .optional(),
  }),
  looks: ({ head }, { database }) => verifyAudit(database, head),
});
