import { admission, admitting, callerValues, type Caller } from './admission.ts';
import { authorizationColumns, type AuthorizationRow } from './authorization.ts';
import type { Database, Statement } from './database.ts';

const statement: Statement = {
  name: 'authorization-read',
  text: `${admitting}
    SELECT ${admission}, ${authorizationColumns} FROM (SELECT) AS one
    LEFT JOIN authorizations a ON a.id = $5 AND a.account_id = (SELECT id FROM active)`,
  durable: false,
};

/** An authorization of the caller's, with its challenges. */
export async function readAuthorization(
  database: Database,
  caller: Caller,
  id: string,
): Promise<AuthorizationRow | undefined> {
  return database.first<AuthorizationRow>(statement, [...callerValues(caller), id]);
}
