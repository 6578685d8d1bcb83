import type { Database, Statement } from './database.ts';
import { ruleColumns, type LimitKind, type LimitRow, type RateLimit } from './rate-limit.ts';

const statement: Statement = {
  name: 'rate-limit-look',
  text: `WITH rules AS (
      SELECT asked.subject, ${ruleColumns} FROM (SELECT DISTINCT unnest($2::text[]) AS subject) AS asked
      LEFT JOIN rate_limit_overrides o ON o.kind = $1 AND o.subject = asked.subject)
    SELECT coalesce(max(greatest(1, ceil(l.rests_at + step - period - now)))::int, 0) AS wait
    FROM rules JOIN rate_limits l ON l.kind = $1 AND l.subject = rules.subject
    WHERE l.rests_at + step > now + period + 0.001`,
  durable: false,
};

/** Seconds to wait until a limit has one left for each of these, without taking any. */
export async function lookAtLimit(
  database: Database,
  kind: LimitKind,
  subjects: readonly string[],
  { count, period }: RateLimit,
): Promise<number> {
  return (await database.first<LimitRow>(statement, [kind, subjects, count, period]))?.wait ?? 0;
}
