import type { Database, Statement } from './database.ts';
import { limitRule, type LimitKind, type RateLimit } from './rate-limit.ts';

const statement: Statement = {
  name: 'rate-limit-give-back',
  text: `WITH ${limitRule}
    UPDATE rate_limits SET rests_at = rests_at - (SELECT step FROM rule) WHERE kind = $1 AND subject = $2`,
  durable: false,
};

/** Gives back what was taken for something that then was not done. */
export async function giveBackToLimit(
  database: Database,
  kind: LimitKind,
  subject: string,
  { count, period }: RateLimit,
): Promise<void> {
  await database.rows(statement, [kind, subject, count, period]);
}
