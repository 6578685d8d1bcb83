import type { Queries, Statement } from './database.ts';

const statement: Statement = {
  name: 'bundle-last-epoch',
  text: 'SELECT max(epoch) AS epoch FROM bundles',
  durable: false,
};

/** The highest epoch that was ever loaded: what a replica looks at to see whether there is a new bundle. */
export async function lastEpoch(queries: Queries): Promise<number | undefined> {
  return (await queries.first<{ epoch: number | null }>(statement))?.epoch ?? undefined;
}
