import type { Database, Statement } from './database.ts';

const statement: Statement = {
  name: 'rate-limits-prune',
  text: `WITH gone AS (
      DELETE FROM rate_limits WHERE (kind, subject) IN (
        SELECT kind, subject FROM rate_limits WHERE rests_at < extract(epoch FROM clock_timestamp())
        ORDER BY rests_at LIMIT $1)
      RETURNING true)
    SELECT count(*) AS pruned FROM gone`,
  durable: false,
};

/** Forgets what is at rest, at most `limit` rows: it is as if it had never been counted. Says how many it forgot. */
async function pruneOnce(database: Database, limit: number): Promise<number> {
  return (await database.first<{ pruned: number }>(statement, [limit]))?.pruned ?? 0;
}

/** The same in several rounds: a flood of new subjects must not come faster than they are forgotten. */
export async function pruneRateLimits(database: Database, { atOnce = 5000, rounds = 20 } = {}): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    if ((await pruneOnce(database, atOnce)) < atOnce) break;
  }
}
