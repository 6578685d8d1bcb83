import type { Queries, Statement } from './database.ts';
import type { LimitKind, RateLimit } from './rate-limit.ts';

const statements = {
  set: {
    name: 'rate-limit-override-set',
    text: `INSERT INTO rate_limit_overrides (kind, subject, count, period, reason, created_at)
      VALUES ($1, $2, $3, $4, $5, $6::timestamptz) ON CONFLICT (kind, subject) DO UPDATE
      SET count = excluded.count, period = excluded.period, reason = excluded.reason, created_at = excluded.created_at`,
    durable: true,
  },
  drop: {
    name: 'rate-limit-override-drop',
    text: 'DELETE FROM rate_limit_overrides WHERE kind = $1 AND subject = $2 RETURNING kind',
    durable: true,
  },
  list: {
    name: 'rate-limit-overrides-list',
    text: `SELECT kind, subject, count, period, reason, created_at FROM rate_limit_overrides
      ORDER BY kind, subject LIMIT $1`,
    durable: false,
  },
} as const satisfies Record<string, Statement>;

/** Other numbers for one subject, in the place of any that it had. */
export async function setOverride(
  queries: Queries,
  override: RateLimit & { readonly kind: LimitKind; readonly subject: string; readonly reason: string },
  now: string,
): Promise<void> {
  const { kind, subject, count, period, reason } = override;
  await queries.rows(statements.set, [kind, subject, count, period, reason, now]);
}

/** The numbers of the configuration again; false when there were no others. */
export async function dropOverride(queries: Queries, kind: LimitKind, subject: string): Promise<boolean> {
  return (await queries.rows(statements.drop, [kind, subject])).length === 1;
}

export async function listOverrides(queries: Queries, limit: number): Promise<readonly object[]> {
  return queries.rows(statements.list, [limit]);
}
