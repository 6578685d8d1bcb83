import type { Queries, Statement, Value } from './database.ts';

/** What certificates are looked for by; everything that is given must fit. */
export interface CertificateFilter {
  readonly name?: string | undefined;
  readonly serial?: Uint8Array | undefined;
  /** SHA-256 of the SubjectPublicKeyInfo. */
  readonly spki?: Uint8Array | undefined;
  readonly account?: string | undefined;
  readonly directory?: string | undefined;
  readonly issuer?: string | undefined;
  readonly issuedFrom?: string | undefined;
  readonly issuedBefore?: string | undefined;
  /** Serial of the last one of the page before. */
  readonly after?: Uint8Array | undefined;
  readonly revoked?: boolean | undefined;
}

export interface FoundCertificate {
  readonly serial: string;
  readonly issuer: string;
  readonly directory: string | null;
  readonly account_id: string | null;
  readonly order_id: string | null;
  readonly status: string;
  readonly names: readonly string[];
  readonly spki: string;
  readonly not_before: number;
  readonly not_after: number;
  readonly issued_at: number | null;
  readonly revoked_at: number | null;
  readonly revocation_reason: string | null;
}

/** The condition of each filter; the ? becomes its value. */
const conditions: Readonly<Record<keyof CertificateFilter, string>> = {
  name: 'names @> ARRAY[?::text]',
  serial: 'serial = ?',
  spki: 'spki_sha256 = ?',
  account: 'account_id = ?',
  directory: 'directory = ?',
  issuer: 'issuer = ?',
  issuedFrom: 'issued_at >= ?::timestamptz',
  issuedBefore: 'issued_at < ?::timestamptz',
  after: 'serial > ?',
  revoked: '(revoked_at IS NOT NULL) = ?',
};

const columns = `encode(serial, 'hex') AS serial, issuer, directory, account_id, order_id, status, names,
  encode(spki_sha256, 'hex') AS spki, not_before, not_after, issued_at, revoked_at, revocation_reason`;

/** The statement for a set of filters: its text is made of the fragments above and of nothing that anybody sent. */
function statementFor(filter: CertificateFilter): { readonly statement: Statement; readonly values: Value[] } {
  const given = (Object.keys(conditions) as (keyof CertificateFilter)[]).filter((key) => filter[key] !== undefined);
  const where = given.map((key, index) => conditions[key].replace('?', `$${index + 2}`));
  return {
    statement: {
      // Unnamed: there are many and each is rare, so none is worth being prepared on every connection.
      name: '',
      text: `SELECT ${columns} FROM certificates WHERE ${['true', ...where].join(' AND ')} ORDER BY certificates.serial LIMIT $1`,
      durable: false,
    },
    values: given.map((key) => filter[key] ?? null),
  };
}

/** Certificates that fit, by serial number, at most `limit`. */
export async function searchCertificates(
  queries: Queries,
  filter: CertificateFilter,
  limit: number,
): Promise<readonly FoundCertificate[]> {
  const { statement, values } = statementFor(filter);
  return queries.rows<FoundCertificate>(statement, [limit, ...values]);
}
