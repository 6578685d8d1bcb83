import type { Database, Statement } from './database.ts';
import { intendedAt, intentValues, type Intent } from './intent.ts';

const statement: Statement = {
  name: 'certificate-intend',
  text: `INSERT INTO certificates (serial, issuer, status, tbs_sha256, spki_sha256, names, not_before, not_after,
      intended_at)
    VALUES ($1, $2, 'intended', $3, $4, $5::text[], $6::timestamptz, $7::timestamptz, ${intendedAt})`,
  durable: true,
};

/** Writes a certificate ahead that belongs to no order: the issuer's own. */
export async function intendCertificate(database: Database, intent: Intent): Promise<void> {
  // All but the time by our own clock, by which nothing here expires.
  await database.rows(statement, intentValues(intent).slice(0, -1));
}
