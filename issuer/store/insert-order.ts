import type { Identifier } from '../acme/identifiers/identifier.ts';
import { admission, admitting, callerValues, type Admission, type Caller } from './admission.ts';
import type { Database, Statement } from './database.ts';

/** A challenge to be made: one of an authorization's. */
interface NewChallenge {
  readonly id: string;
  readonly type: string;
  readonly token: string;
}

export interface NewAuthorization {
  readonly id: string;
  readonly position: number;
  readonly type: Identifier['type'];
  /** Without "*.". */
  readonly value: string;
  readonly wildcard: boolean;
  readonly challenges: readonly NewChallenge[];
}

export interface NewOrder {
  readonly id: string;
  readonly directory: string;
  readonly identifiers: readonly Identifier[];
  readonly notBefore: string | null;
  readonly notAfter: string | null;
  readonly now: string;
  readonly expires: string;
  readonly authorizations: readonly NewAuthorization[];
}

const statement: Statement = {
  name: 'order-insert',
  text: `${admitting},
    new_order AS (
      INSERT INTO orders
        (id, account_id, directory, status, identifiers, awaiting, not_before, not_after, created_at, expires_at)
      SELECT $5, active.id, $6, 'pending', $7::jsonb, jsonb_array_length($12::jsonb), $8::timestamptz,
        $9::timestamptz, $10::timestamptz, $11::timestamptz FROM active),
    new_authorization AS (
      INSERT INTO authorizations
        (id, account_id, status, identifier_type, identifier_value, wildcard, created_at, expires_at)
      SELECT a.id, active.id, 'pending', a.type, a.value, a.wildcard, $10::timestamptz, $11::timestamptz
      FROM active, jsonb_to_recordset($12::jsonb) AS a (id text, type text, value text, wildcard boolean)),
    new_link AS (
      INSERT INTO order_authorizations (order_id, position, authorization_id)
      SELECT $5, a.position, a.id FROM active, jsonb_to_recordset($12::jsonb) AS a (id text, position integer)),
    new_challenge AS (
      INSERT INTO challenges (id, authorization_id, type, status, token)
      SELECT c.id, a.id, c.type, 'pending', c.token
      FROM active, jsonb_to_recordset($12::jsonb) AS a (id text, challenges jsonb),
        jsonb_to_recordset(a.challenges) AS c (id text, type text, token text))
    SELECT ${admission}`,
  durable: true,
};

/** Stores an order with its authorizations and their challenges. */
export async function insertOrder(database: Database, caller: Caller, order: NewOrder): Promise<Admission | undefined> {
  return database.first<Admission>(statement, [
    ...callerValues(caller),
    order.id,
    order.directory,
    JSON.stringify(order.identifiers),
    order.notBefore,
    order.notAfter,
    order.now,
    order.expires,
    JSON.stringify(order.authorizations),
  ]);
}
