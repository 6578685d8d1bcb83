import { z } from 'zod';
import { readAudit } from '../../store/audit.ts';
import { listBundles } from '../../store/list-bundles.ts';
import { adminAct, limitSchema } from '../act.ts';
import { verifyAudit } from '../audit.ts';

export const bundles = adminAct({
  summary: 'List the bundles that were loaded',
  input: z.strictObject({ limit: limitSchema }),
  looks: ({ limit }, { database }) => listBundles(database, limit),
});

export const audit = adminAct({
  summary: 'List what operators did',
  input: z.strictObject({ after: z.coerce.number().int().min(0).default(0), limit: limitSchema }),
  looks: ({ after, limit }, { database }) => readAudit(database, after, limit),
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
