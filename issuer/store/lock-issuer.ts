import type { Queries, Statement } from './database.ts';

const statement: Statement = {
  name: 'issuer-lock',
  // Not FOR UPDATE: every certificate that is written ahead refers to this row and would wait.
  text: 'SELECT true AS found FROM issuers WHERE name = $1 FOR NO KEY UPDATE',
  durable: false,
};

/** Holds an issuing CA to the end of the transaction: its CRLs are made one after the other, whoever makes them. */
export async function lockIssuer(queries: Queries, name: string): Promise<void> {
  await queries.rows(statement, [name]);
}
