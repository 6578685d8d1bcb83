import type { Database, Statement } from './database.ts';

const statement: Statement = {
  name: 'certificate-renewal',
  text: `SELECT c.der, c.not_before, c.not_after, c.revoked_at, i.begins_at, i.deadline, i.explanation_url
    FROM certificates c LEFT JOIN LATERAL (
      SELECT begins_at, deadline, explanation_url FROM incidents
      WHERE issuer = c.issuer AND ended_at IS NULL AND c.issued_at < issued_before ORDER BY deadline LIMIT 1) i ON true
    WHERE c.serial = $1 AND c.directory = $2 AND c.status = 'issued'`,
  durable: false,
};

/** What decides when a certificate should be renewed; times are seconds since the epoch. */
export interface RenewalRow {
  readonly der: Uint8Array;
  readonly not_before: number;
  readonly not_after: number;
  readonly revoked_at: number | null;
  /** Of the most pressing incident that concerns it. */
  readonly begins_at: number | null;
  readonly deadline: number | null;
  readonly explanation_url: string | null;
}

/** A certificate of a directory's, by serial number. */
export async function readRenewal(
  database: Database,
  directory: string,
  serial: Uint8Array,
): Promise<RenewalRow | undefined> {
  return database.first<RenewalRow>(statement, [serial, directory]);
}
