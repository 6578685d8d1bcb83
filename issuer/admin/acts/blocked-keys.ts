import { z } from 'zod';
import { formatUtc } from '../../../core/profile/dates.ts';
import { toHex } from '../../../core/ports/hex.ts';
import { blockKey, listBlockedKeys, unblockKey } from '../../store/blocked-keys.ts';
import { adminAct, limitSchema, sha256Schema } from '../act.ts';

const which = z.strictObject({ spki: sha256Schema, reason: z.string().min(1).max(500) });

export const blockedKeys = adminAct({
  summary: 'List keys that no certificate is made for',
  input: z.strictObject({ after: sha256Schema.optional(), limit: limitSchema }),
  looks: ({ after, limit }, { database }) => listBlockedKeys(database, after ?? new Uint8Array(), limit),
});

/** For a key that is known elsewhere to have been lost. Certificates that it has are revoked by themselves. */
export const addBlockedKey = adminAct({
  summary: 'Let no certificate be made for a key',
  input: which,
  async does({ spki, reason }, queries, { clock }) {
    const done = await blockKey(queries, spki, formatUtc(clock.now()), reason);
    return { result: { blocked: done }, record: done ? { spki: toHex(spki), reason } : undefined };
  },
});

export const dropBlockedKey = adminAct({
  summary: 'Let certificates be made for a key again',
  input: which,
  async does({ spki, reason }, queries) {
    const done = await unblockKey(queries, spki);
    return { result: { unblocked: done }, record: done ? { spki: toHex(spki), reason } : undefined };
  },
});
