import type { Queries, Statement } from './database.ts';

const statement: Statement = {
  name: 'bundles-list',
  text: `SELECT epoch, hierarchy, rehearsal, sums, loaded_at,
      ARRAY(SELECT name FROM issuers WHERE issuers.epoch = bundles.epoch ORDER BY name) AS last_brought
    FROM bundles ORDER BY epoch DESC LIMIT $1`,
  durable: false,
};

/** Bundles that were loaded, the newest first, each with the issuing CAs that it was the last to bring. */
export async function listBundles(queries: Queries, limit: number): Promise<readonly object[]> {
  return queries.rows(statement, [limit]);
}
