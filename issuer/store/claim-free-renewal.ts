import type { Database, Statement } from './database.ts';

const statement: Statement = {
  name: 'certificate-free-renewal',
  text: `UPDATE certificates SET free_renewals = free_renewals + 1
    WHERE serial = $1 AND account_id = $2 AND status = 'issued' AND free_renewals < $3 RETURNING true AS claimed`,
  durable: false,
};

/** Takes one of the renewals of a certificate that are not counted; false when there is none left for this account. */
export async function claimFreeRenewal(
  database: Database,
  serial: Uint8Array,
  accountId: string,
  maximum: number,
): Promise<boolean> {
  return (await database.first(statement, [serial, accountId, maximum])) !== undefined;
}
