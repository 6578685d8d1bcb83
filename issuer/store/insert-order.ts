import type { Identifier } from '../acme/identifiers/identifier.ts';
import { orderSteps, type OrderStatus } from '../acme/state/order.ts';
import { ending } from '../acme/state/transition.ts';
import { admission, admitting, callerValues, type Admission, type Caller } from './admission.ts';
import type { Database, Statement } from './database.ts';
import type { NewAuthorization } from './new-authorization.ts';

export interface NewOrder {
  readonly id: string;
  readonly directory: string;
  readonly identifiers: readonly Identifier[];
  readonly notBefore: string | null;
  readonly notAfter: string | null;
  readonly now: string;
  readonly expires: string;
  readonly authorizations: readonly NewAuthorization[];
  /** Whether valid authorizations of the account do as well. */
  readonly reuse: boolean;
  /** The certificate to be replaced (RFC 9773 §5): its name and its serial number. */
  readonly replaces: { readonly certId: string; readonly serial: Uint8Array } | null;
  /** URL of the terms that the account must have agreed to. */
  readonly terms: string | null;
  readonly profile: string | null;
  /** No limit counts it. */
  readonly uncounted: boolean;
}

/** What became of it: nothing else of the row counts unless it was placed. */
export interface PlacedOrder {
  readonly placed: boolean;
  /** The account has agreed to the terms, if there are any. */
  readonly agreed: boolean;
  /** The certificate to be replaced is one of the account's, and is for a name of the order. */
  readonly owned: boolean;
  readonly shared: boolean;
  readonly status: Extract<OrderStatus, 'pending' | 'ready'> | null;
  readonly expires_at: number | null;
  readonly authorizations: readonly string[] | null;
}

/** An order that may be forgotten: nothing will come of it any more. */
const lapsed = `(o.status = 'invalid' OR (o.status IN ('pending', 'ready') AND o.expires_at <= $10::timestamptz))`;

const statement: Statement = {
  name: 'order-insert',
  text: `${admitting},
    willing AS (
      SELECT active.id FROM active WHERE $17::text IS NULL
      OR EXISTS (SELECT FROM accounts WHERE accounts.id = active.id AND terms_agreed = $17)),
    marked AS (
      UPDATE certificates SET replaced_by = $5 FROM willing
      WHERE serial = $13 AND account_id = willing.id AND status = 'issued' AND names && $15::text[]
      AND (replaced_by IS NULL OR EXISTS (SELECT FROM orders o WHERE o.id = replaced_by AND ${lapsed}))
      RETURNING true),
    orderer AS (SELECT id FROM willing WHERE $13::bytea IS NULL OR EXISTS (SELECT FROM marked)),
    wanted AS (
      SELECT w.* FROM orderer, jsonb_to_recordset($12::jsonb) AS w (id text, position integer, type text, value text,
        wildcard boolean, subdomains boolean, names text[], challenges jsonb)),
    reused AS (
      SELECT DISTINCT ON (w.position) w.position, a.id, a.expires_at FROM wanted w, orderer, authorizations a
      WHERE $16::boolean AND a.account_id = orderer.id AND a.status = 'valid' AND a.expires_at > $10::timestamptz
      AND a.identifier_type = w.type AND a.identifier_value = ANY (w.names)
      AND (a.subdomains OR (a.identifier_value = w.value AND a.wildcard = w.wildcard AND NOT w.subdomains))
      ORDER BY w.position, a.expires_at DESC),
    made AS (SELECT * FROM wanted WHERE position NOT IN (SELECT position FROM reused)),
    new_order AS (
      INSERT INTO orders (id, account_id, directory, status, identifiers, awaiting, not_before, not_after, created_at,
        expires_at, replaces, profile, uncounted)
      SELECT $5, orderer.id, $6, CASE WHEN counted.made = 0 THEN ${ending(orderSteps.authorize)} ELSE 'pending' END,
        $7::jsonb, counted.made, $8::timestamptz, $9::timestamptz, $10::timestamptz,
        LEAST($11::timestamptz, counted.first_to_end), $14, $18, $19::boolean
      FROM orderer, (SELECT (SELECT count(*) FROM made)::integer AS made,
        (SELECT min(expires_at) FROM reused) AS first_to_end) AS counted
      RETURNING status, expires_at),
    new_authorization AS (
      INSERT INTO authorizations
        (id, account_id, status, identifier_type, identifier_value, wildcard, subdomains, created_at, expires_at)
      SELECT made.id, orderer.id, 'pending', type, value, wildcard, subdomains, $10::timestamptz, $11::timestamptz
      FROM orderer, made),
    linked AS (
      SELECT min(position) AS position, id
      FROM (SELECT position, id FROM reused UNION ALL SELECT position, id FROM made) AS either GROUP BY id),
    new_link AS (
      INSERT INTO order_authorizations (order_id, position, authorization_id) SELECT $5, position, id FROM linked),
    new_challenge AS (
      INSERT INTO challenges (id, authorization_id, type, status, token)
      SELECT c.id, made.id, c.type, 'pending', c.token
      FROM made, jsonb_to_recordset(made.challenges) AS c (id text, type text, token text))
    SELECT ${admission}, EXISTS (SELECT FROM new_order) AS placed, EXISTS (SELECT FROM willing) AS agreed,
      own.serial IS NOT NULL AS owned, coalesce(own.names && $15::text[], false) AS shared,
      new_order.status, new_order.expires_at,
      (SELECT array_agg(id ORDER BY position) FROM linked) AS authorizations
    FROM (SELECT) AS one LEFT JOIN new_order ON true LEFT JOIN certificates own
      ON own.serial = $13 AND own.account_id = (SELECT id FROM active) AND own.status = 'issued'`,
  durable: true,
};

/**
 * Stores an order with its authorizations and their challenges; valid authorizations take the place of new ones where
 * they may, and the order is ready when nothing else is left.
 */
export async function insertOrder(
  database: Database,
  caller: Caller,
  order: NewOrder,
): Promise<(Admission & PlacedOrder) | undefined> {
  return database.first<Admission & PlacedOrder>(statement, [
    ...callerValues(caller),
    order.id,
    order.directory,
    JSON.stringify(order.identifiers),
    order.notBefore,
    order.notAfter,
    order.now,
    order.expires,
    JSON.stringify(order.authorizations),
    order.replaces?.serial ?? null,
    order.replaces?.certId ?? null,
    order.identifiers.map(({ value }) => value),
    order.reuse,
    order.terms,
    order.profile,
    order.uncounted,
  ]);
}
