// Rows as years of use leave them, so that what is measured is not an empty database.
import type { TestDatabase } from '../support/postgres.ts';

/** Those with a row or more for each order: of accounts there are few. */
const large = ['authorizations', 'certificates', 'challenges', 'order_authorizations', 'orders'];

/** So many orders, each with an authorization of two challenges and a certificate, of a thousandth as many accounts. */
export async function fillOrders(database: Pick<TestDatabase, 'query'>, orders: number): Promise<void> {
  const accounts = Math.max(1, Math.floor(orders / 1000));
  const account = `'account-' || lpad((n % ${accounts})::text, 12, '0')`;
  const id = (kind: string): string => `'${kind}' || md5(n::text)::varchar(18)`;
  const name = `'n' || n || '.old.example.internal'`;
  const made = `now() - interval '60 days' + n * interval '1 second' * (5000000.0 / ${orders})`;
  const each = `FROM generate_series(1, ${orders}) AS n`;
  for (const text of [
    `INSERT INTO accounts SELECT ${account}, 'main', 'valid', '{}', sha256(n::text::bytea), '{}', now()
       FROM generate_series(0, ${accounts - 1}) AS n`,
    `INSERT INTO orders (id, account_id, directory, status, identifiers, awaiting, created_at, expires_at)
       SELECT ${id('o-')}, ${account}, 'main', CASE n % 10 WHEN 0 THEN 'invalid' ELSE 'valid' END,
         jsonb_build_array(jsonb_build_object('type', 'dns', 'value', ${name})), 0, ${made}, ${made} + interval '7 days' ${each}`,
    `INSERT INTO authorizations
         (id, account_id, status, identifier_type, identifier_value, wildcard, created_at, expires_at)
       SELECT ${id('a-')}, ${account}, CASE n % 10 WHEN 0 THEN 'invalid' ELSE 'valid' END, 'dns', ${name}, false, ${made},
         ${made} + interval '7 days' ${each}`,
    `INSERT INTO order_authorizations SELECT ${id('o-')}, 0, ${id('a-')} ${each}`,
    `INSERT INTO challenges (id, authorization_id, type, status, token)
       SELECT kind || md5(n::text)::varchar(18), ${id('a-')}, CASE kind WHEN 'c-' THEN 'http-01' ELSE 'dns-01' END,
         CASE kind WHEN 'c-' THEN 'valid' ELSE 'pending' END, md5(n::text) ${each}, (VALUES ('c-'), ('d-')) AS kinds (kind)`,
    `INSERT INTO certificates (serial, issuer, directory, account_id, order_id, status, tbs_sha256, spki_sha256, names,
         not_before, not_after, der, intended_at, issued_at, revoked_at, revocation_reason, crl_number)
       SELECT decode('02' || md5(n::text), 'hex'), 'issuing-i1', 'main', ${account}, ${id('o-')}, 'issued',
         sha256(n::text::bytea), sha256(n::text::bytea), ARRAY[${name}], ${made}, ${made} + interval '60 days',
         decode(repeat(md5(n::text), 40), 'hex'), ${made}, ${made}, CASE WHEN n % 100 = 1 THEN ${made} END,
         CASE WHEN n % 100 = 1 THEN 'superseded' END, CASE WHEN n % 100 = 1 THEN 1 END ${each} WHERE n % 10 > 0`,
  ]) {
    // Nothing refers to what is not there, so nobody needs to look at each row for that.
    await database.query(`SET session_replication_role = replica; ${text}`);
  }
  for (const table of ['accounts', ...large]) await database.query(`VACUUM ANALYZE ${table}`);
}

/** Rows that were read by going through a whole table so far, by table: of the large ones. */
export async function rowsScanned(database: Pick<TestDatabase, 'query'>): Promise<Readonly<Record<string, number>>> {
  const rows = await database.query<{ relname: string; seq_tup_read: string }>(
    `SELECT relname, seq_tup_read FROM pg_stat_user_tables WHERE relname = ANY($1) ORDER BY relname`,
    [large],
  );
  return Object.fromEntries(rows.map(({ relname, seq_tup_read }) => [relname, Number(seq_tup_read)]));
}
