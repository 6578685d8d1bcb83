import { z } from 'zod';
import { listAccounts, revokeAccount } from '../../store/list-accounts.ts';
import { searchOrders } from '../../store/search-orders.ts';
import { adminAct, idSchema, limitSchema } from '../act.ts';

const word = z.string().max(64).optional();

export const accounts = adminAct({
  summary: 'List accounts',
  input: z.strictObject({
    id: idSchema.optional(),
    directory: word,
    status: word,
    after: idSchema.optional(),
    limit: limitSchema,
  }),
  looks: ({ limit, ...filter }, { database }) => listAccounts(database, filter, limit),
});

export const orders = adminAct({
  summary: 'List orders',
  input: z.strictObject({
    id: idSchema.optional(),
    account: idSchema.optional(),
    status: word,
    after: idSchema.optional(),
    limit: limitSchema,
  }),
  looks: ({ limit, ...filter }, { database }) => searchOrders(database, filter, limit),
});

/** An account that is revoked is refused everything from its next request on; its certificates stay as they are. */
export const shutAccount = adminAct({
  summary: 'Take an account its rights, for good',
  input: z.strictObject({ id: idSchema, reason: z.string().min(1).max(500) }),
  async does({ id, reason }, queries) {
    const done = await revokeAccount(queries, id);
    return { result: { revoked: done }, record: done ? { account: id, reason } : undefined };
  },
});
