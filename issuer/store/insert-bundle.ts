import type { Queries, Statement } from './database.ts';
import type { StoredBundle } from './last-bundle.ts';

const statement: Statement = {
  name: 'bundle-insert',
  text: `INSERT INTO bundles (epoch, hierarchy, rehearsal, sums, bytes, crl_numbers, loaded_at)
    VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7::timestamptz) ON CONFLICT (sums) DO NOTHING RETURNING epoch`,
  durable: true,
};

/** Stores a verified bundle; false when it was there already. */
export async function insertBundle(queries: Queries, bundle: StoredBundle, now: string): Promise<boolean> {
  const { epoch, hierarchy, rehearsal, sums, bytes, crl_numbers } = bundle;
  const values = [epoch, hierarchy, rehearsal, sums, bytes, JSON.stringify(crl_numbers), now];
  return (await queries.rows(statement, values)).length === 1;
}
