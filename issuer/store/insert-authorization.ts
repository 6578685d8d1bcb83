import { admission, admitting, callerValues, type Admission, type Caller } from './admission.ts';
import type { Database, Statement } from './database.ts';
import type { NewAuthorization } from './new-authorization.ts';

const statement: Statement = {
  name: 'authorization-insert',
  text: `${admitting},
    willing AS (
      SELECT active.id FROM active WHERE $12::text IS NULL
      OR EXISTS (SELECT FROM accounts WHERE accounts.id = active.id AND terms_agreed = $12)),
    made AS (
      INSERT INTO authorizations
        (id, account_id, status, identifier_type, identifier_value, wildcard, subdomains, created_at, expires_at)
      SELECT $5, willing.id, 'pending', $6, $7, false, $8::boolean, $9::timestamptz, $10::timestamptz FROM willing
      RETURNING id),
    new_challenge AS (
      INSERT INTO challenges (id, authorization_id, type, status, token)
      SELECT c.id, made.id, c.type, 'pending', c.token
      FROM made, jsonb_to_recordset($11::jsonb) AS c (id text, type text, token text))
    SELECT ${admission}, EXISTS (SELECT FROM willing) AS agreed`,
  durable: true,
};

/** Stores an authorization that no order asked for (RFC 8555 §7.4.1). */
export async function insertAuthorization(
  database: Database,
  caller: Caller,
  authorization: NewAuthorization,
  terms: { readonly now: string; readonly expires: string; readonly terms: string | null },
): Promise<(Admission & { readonly agreed: boolean }) | undefined> {
  const { id, type, value, subdomains, challenges } = authorization;
  const values = [id, type, value, subdomains, terms.now, terms.expires, JSON.stringify(challenges), terms.terms];
  return database.first(statement, [...callerValues(caller), ...values]);
}
