import type { Database, Statement } from './database.ts';
import { limitRule, type LimitKind, type LimitRow, type RateLimit } from './rate-limit.ts';

/** Seconds until one more fits, whole and never 0 where it does not: what Retry-After says. */
const waiting = `(SELECT greatest(1, ceil(greatest(coalesce(l.rests_at, 0), rule.now) + rule.step - rule.period - rule.now))::int
    FROM rule LEFT JOIN rate_limits l ON l.kind = $1 AND l.subject = $2)`;

// The generic cell rate algorithm in one upsert: a row that may not move is not touched.
const statement: Statement = {
  name: 'rate-limit-take',
  text: `WITH ${limitRule}, taken AS (
      INSERT INTO rate_limits AS l (kind, subject, rests_at) SELECT $1, $2, rule.now + rule.step FROM rule
      ON CONFLICT (kind, subject) DO UPDATE
      SET rests_at = greatest(l.rests_at, (SELECT now FROM rule)) + (SELECT step FROM rule)
      WHERE greatest(l.rests_at, (SELECT now FROM rule)) + (SELECT step FROM rule)
        <= (SELECT now + period + 0.001 FROM rule)
      RETURNING true)
    SELECT CASE WHEN EXISTS (SELECT FROM taken) THEN 0 ELSE ${waiting} END AS wait`,
  durable: false,
};

/** Takes one from a limit; the seconds to wait when there is none left, and then nothing is taken. */
export async function takeFromLimit(
  database: Database,
  kind: LimitKind,
  subject: string,
  { count, period }: RateLimit,
): Promise<number> {
  return (await database.first<LimitRow>(statement, [kind, subject, count, period]))?.wait ?? 0;
}
