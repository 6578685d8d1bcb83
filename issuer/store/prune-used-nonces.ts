import type { Database, Statement } from './database.ts';

const statement: Statement = {
  name: 'used-nonces-prune',
  text: `WITH gone AS (
      DELETE FROM used_nonces WHERE value IN (SELECT value FROM used_nonces WHERE value < $1 ORDER BY value LIMIT $2)
      RETURNING true)
    SELECT count(*) AS pruned FROM gone`,
  durable: false,
};

/** Forgets at most `limit` nonces that sort before this value: they have expired and are refused for that. */
export async function pruneUsedNonces(database: Database, before: Uint8Array, limit: number): Promise<number> {
  return (await database.first<{ pruned: number }>(statement, [before, limit]))?.pruned ?? 0;
}
