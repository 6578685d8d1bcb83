import type { Database, Statement } from './database.ts';

const statement: Statement = {
  name: 'rate-limits-prune',
  text: `DELETE FROM rate_limits WHERE (kind, subject) IN (
      SELECT kind, subject FROM rate_limits WHERE rests_at < extract(epoch FROM clock_timestamp())
      ORDER BY rests_at LIMIT $1)`,
  durable: false,
};

/** Forgets what is at rest, at most `limit` rows: it is as if it had never been counted. */
export async function pruneRateLimits(database: Database, limit: number): Promise<void> {
  await database.rows(statement, [limit]);
}
