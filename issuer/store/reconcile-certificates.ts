import type { Queries, Statement } from './database.ts';
import { freed } from './freed-orders.ts';

const statement: Statement = {
  name: 'certificate-reconcile',
  text: `WITH gone AS (
      UPDATE certificates SET status = 'abandoned' WHERE status = 'intended' AND intended_at < $1::timestamptz
      RETURNING serial, order_id), ${freed}
    SELECT serial FROM gone`,
  durable: true,
};

/** Gives up everything intended before a time and never stored; the serial numbers. */
export async function reconcileCertificates(
  database: Queries,
  intendedBefore: string,
  now: string,
): Promise<readonly Uint8Array[]> {
  return (await database.rows<{ serial: Uint8Array }>(statement, [intendedBefore, now])).map(({ serial }) => serial);
}
