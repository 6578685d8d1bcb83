import type { Queries, Statement } from './database.ts';

const statement: Statement = {
  name: 'crl-state',
  text: `SELECT c.this_update, coalesce(c.bytes, 0) AS bytes, EXISTS (
      SELECT FROM certificates WHERE issuer = $1 AND revoked_at <= $2::timestamptz AND crl_number IS NULL) AS unlisted
    FROM (SELECT) AS one
    LEFT JOIN (
      SELECT this_update, octet_length(der) AS bytes FROM crls WHERE issuer = $1 ORDER BY number DESC LIMIT 1) AS c ON true`,
  durable: false,
};

export interface CrlState {
  /** When the newest one was made; null: there is none. */
  readonly this_update: number | null;
  readonly bytes: number;
  /** It lacks a revocation. */
  readonly unlisted: boolean;
}

/** What is known of the newest CRL of an issuing CA. */
export async function crlState(queries: Queries, issuer: string, now: string): Promise<CrlState> {
  return (await queries.first<CrlState>(statement, [issuer, now])) ?? { this_update: null, bytes: 0, unlisted: false };
}
