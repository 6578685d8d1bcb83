import type { Queries, Statement } from './database.ts';

// Any number that nothing else locks: held to the end of the transaction.
const statement: Statement = {
  name: 'bundles-lock',
  text: 'SELECT pg_advisory_xact_lock(7204118563190241)',
  durable: false,
};

/** Makes other loaders wait until this transaction has ended. */
export async function lockBundles(queries: Queries): Promise<void> {
  await queries.rows(statement);
}
