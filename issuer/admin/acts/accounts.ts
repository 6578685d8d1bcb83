import { z } from 'zod';
import { listAccounts, reinstateAccount, revokeAccount } from '../../store/list-accounts.ts';
import { searchOrders } from '../../store/search-orders.ts';
import { adminAct, idSchema, limitSchema } from '../act.ts';

const whichAndWhy = z.strictObject({ id: idSchema, reason: z.string().min(1).max(500) });
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
  summary: 'Take an account its rights',
  input: whichAndWhy,
  async does({ id, reason }, queries) {
    const done = await revokeAccount(queries, id);
    return { result: { revoked: done }, record: done ? { account: id, reason } : undefined };
  },
});

/** For an account that was revoked by mistake. One that deactivated itself stays so (RFC 8555 §7.3.6). */
export const reopenAccount = adminAct({
  summary: 'Give an account back the rights that an operator took',
  input: whichAndWhy,
  async does({ id, reason }, queries) {
    const done = await reinstateAccount(queries, id);
    return { result: { reinstated: done }, record: done ? { account: id, reason } : undefined };
  },
});
