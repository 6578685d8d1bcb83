import type { Queries, Statement } from './database.ts';

/** Which bundle was loaded last, and when. */
export interface LoadedBundle {
  readonly epoch: number;
  readonly hierarchy: string;
  readonly rehearsal: boolean;
  readonly sums: string;
  /** Seconds since the epoch. */
  readonly loaded: number;
}

const statement: Statement = {
  name: 'bundle-loaded',
  text: `SELECT epoch, hierarchy, rehearsal, sums, extract(epoch FROM loaded_at)::integer AS loaded
    FROM bundles ORDER BY epoch DESC LIMIT 1`,
  durable: false,
};

/** What a receipt says of the bundle with the highest epoch. */
export async function loadedBundle(queries: Queries): Promise<LoadedBundle | undefined> {
  return queries.first<LoadedBundle>(statement);
}
