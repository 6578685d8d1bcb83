import type { Database, Statement } from './database.ts';

const statement: Statement = {
  name: 'challenge-release',
  text: `UPDATE challenges SET leased_until = 'epoch' WHERE id = ANY ($1::text[]) AND status = 'processing'`,
  durable: true,
};

/** Gives challenges back unfinished, for whoever looks next. */
export async function releaseChallenges(database: Database, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await database.rows(statement, [ids]);
}
