import type { Database, Statement } from './database.ts';
import { limitRule, waiting, type LimitKind, type LimitRow, type RateLimit } from './rate-limit.ts';

const statement: Statement = {
  name: 'rate-limit-look',
  text: `WITH ${limitRule}
    SELECT CASE WHEN EXISTS (SELECT FROM rate_limits l, rule WHERE l.kind = $1 AND l.subject = $2
      AND l.rests_at + rule.step > rule.now + rule.period + 0.001) THEN ${waiting} ELSE 0 END AS wait`,
  durable: false,
};

/** Seconds to wait until a limit has one left, without taking any. */
export async function lookAtLimit(
  database: Database,
  kind: LimitKind,
  subject: string,
  { count, period }: RateLimit,
): Promise<number> {
  return (await database.first<LimitRow>(statement, [kind, subject, count, period]))?.wait ?? 0;
}
