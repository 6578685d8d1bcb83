import type { Database, Statement } from './database.ts';

/** The serial number in a certID (RFC 9773 §4.1), which is base64url without padding. */
const serialOf = `decode(rpad(translate(split_part(old.replaces, '.', 2), '-_', '+/'),
  (length(split_part(old.replaces, '.', 2)) + 3) / 4 * 4, '='), 'base64')`;

const statements = {
  // Of an order that came to nothing, the certificate it was to replace may be replaced by another.
  orders: {
    name: 'orders-forget',
    text: `WITH old AS (
        SELECT id, status, replaces FROM orders WHERE created_at < $1::timestamptz AND expires_at < $2::timestamptz
        ORDER BY created_at LIMIT $3 FOR UPDATE SKIP LOCKED),
      freed AS (
        UPDATE certificates SET replaced_by = NULL FROM old
        WHERE old.status <> 'valid' AND old.replaces IS NOT NULL AND serial = ${serialOf} AND replaced_by = old.id),
      unlinked AS (DELETE FROM order_authorizations USING old WHERE order_id = old.id),
      gone AS (DELETE FROM orders USING old WHERE orders.id = old.id RETURNING true)
      SELECT count(*) AS gone FROM gone`,
    durable: true,
  },
  authorizations: {
    name: 'authorizations-forget',
    text: `WITH old AS (
        SELECT id FROM authorizations a WHERE created_at < $1::timestamptz AND expires_at < $2::timestamptz
        AND NOT EXISTS (SELECT FROM order_authorizations WHERE authorization_id = a.id)
        ORDER BY created_at LIMIT $3 FOR UPDATE SKIP LOCKED),
      unchallenged AS (DELETE FROM challenges USING old WHERE authorization_id = old.id),
      gone AS (DELETE FROM authorizations USING old WHERE authorizations.id = old.id RETURNING true)
      SELECT count(*) AS gone FROM gone`,
    durable: true,
  },
} as const satisfies Record<string, Statement>;

/** Forgets at most so many orders, or authorizations that no order has any more, made and ended before these times. */
export async function forgetOld(
  database: Database,
  what: keyof typeof statements,
  { madeBefore, endedBefore }: { readonly madeBefore: string; readonly endedBefore: string },
  most: number,
): Promise<number> {
  return (await database.first<{ gone: number }>(statements[what], [madeBefore, endedBefore, most]))?.gone ?? 0;
}
