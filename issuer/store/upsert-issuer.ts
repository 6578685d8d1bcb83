import type { Queries, Statement } from './database.ts';

/** An issuing CA as a bundle describes it. */
export interface StoredIssuer {
  readonly name: string;
  readonly epoch: number;
  readonly certificate: Uint8Array;
  readonly spkiSha256: Uint8Array;
  /** Base64 of each certificate of each chain. */
  readonly chains: readonly (readonly string[])[];
}

const statement: Statement = {
  name: 'issuer-upsert',
  text: `INSERT INTO issuers (name, epoch, certificate, spki_sha256, chains) VALUES ($1, $2, $3, $4, $5::jsonb)
    ON CONFLICT (name) DO UPDATE
    SET epoch = excluded.epoch, certificate = excluded.certificate, chains = excluded.chains
    WHERE issuers.spki_sha256 = excluded.spki_sha256 RETURNING name`,
  durable: true,
};

/** Stores what a bundle says of an issuing CA; false when its name belongs to another key. */
export async function upsertIssuer(queries: Queries, issuer: StoredIssuer): Promise<boolean> {
  const { name, epoch, certificate, spkiSha256, chains } = issuer;
  return (await queries.rows(statement, [name, epoch, certificate, spkiSha256, JSON.stringify(chains)])).length === 1;
}
