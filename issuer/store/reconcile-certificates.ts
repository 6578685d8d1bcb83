import type { Queries, Statement } from './database.ts';
import { freed } from './freed-orders.ts';

const statement: Statement = {
  name: 'certificate-reconcile',
  text: `WITH gone AS (
      UPDATE certificates SET status = 'abandoned' WHERE status = 'intended'
      AND intended_at < clock_timestamp() - make_interval(secs => $1::float8)
      RETURNING serial, order_id), ${freed}
    SELECT serial FROM gone`,
  durable: true,
};

/** Gives up everything that was intended more than so many seconds ago and never stored; the serial numbers. */
export async function reconcileCertificates(
  database: Queries,
  seconds: number,
  now: string,
): Promise<readonly Uint8Array[]> {
  return (await database.rows<{ serial: Uint8Array }>(statement, [seconds, now])).map(({ serial }) => serial);
}
