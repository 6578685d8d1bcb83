import type { Database, Statement } from './database.ts';
import { freed } from './freed-orders.ts';

const statement: Statement = {
  name: 'certificate-abandon',
  text: `WITH gone AS (
      UPDATE certificates SET status = 'abandoned' WHERE serial = $1 AND status = 'intended'
      RETURNING serial, order_id), ${freed}
    SELECT serial FROM gone`,
  durable: true,
};

/** Gives one intended certificate up: its order may be finalized again. */
export async function abandonCertificate(database: Database, serial: Uint8Array, now: string): Promise<void> {
  await database.rows(statement, [serial, now]);
}
