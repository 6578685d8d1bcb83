import { admission, admitting, callerValues, type Admission, type Caller } from './admission.ts';
import type { Database, Statement } from './database.ts';

const statement: Statement = {
  name: 'certificate-download',
  text: `${admitting}
    SELECT ${admission}, c.der, c.issuer FROM (SELECT) AS one
    LEFT JOIN certificates c ON c.serial = $5 AND c.status = 'issued' AND c.account_id = (SELECT id FROM active)`,
  durable: false,
};

/** A certificate of the caller's. */
export async function downloadCertificate(
  database: Database,
  caller: Caller,
  serial: Uint8Array,
): Promise<(Admission & { readonly der: Uint8Array | null; readonly issuer: string | null }) | undefined> {
  return database.first(statement, [...callerValues(caller), serial]);
}
