import type { Queries, Statement } from './database.ts';

const statement: Statement = {
  name: 'certificate-revoked',
  text: `SELECT EXISTS (SELECT FROM certificates WHERE serial = $1 AND der = $2 AND revoked_at IS NOT NULL) AS revoked`,
  durable: false,
};

/** Whether this is a certificate of ours that was revoked; one of somebody else's is not known here. */
export async function certificateRevoked(queries: Queries, serial: Uint8Array, der: Uint8Array): Promise<boolean> {
  return (await queries.first<{ revoked: boolean }>(statement, [serial, der]))?.revoked === true;
}
