import type { Identifier } from '../acme/identifiers/identifier.ts';
import type { ProblemDocument } from '../acme/problems.ts';
import type { OrderStatus } from '../acme/state/order.ts';

/** What never changes of an order: a process may keep it. */
export interface OrderFacts {
  readonly id: string;
  readonly account_id: string;
  readonly identifiers: readonly Identifier[];
  readonly not_before: number | null;
  readonly not_after: number | null;
  readonly expires_at: number;
  /** Name of the certificate it replaces (RFC 9773 §5). */
  readonly replaces: string | null;
  readonly profile: string | null;
  /** A renewal in time: limits count neither it nor its certificate. */
  readonly uncounted: boolean;
  readonly authorizations: readonly string[];
}

/** What becomes of an order. */
export interface OrderState {
  readonly status: OrderStatus;
  readonly error: ProblemDocument | null;
  /** Of the stored certificate. */
  readonly serial: Uint8Array | null;
  /** Of that, or of the one that is being made: an order that is processing has a key already. */
  readonly spki_sha256: Uint8Array | null;
}

export type StoredOrder = OrderFacts & OrderState;

/** Columns of {@link OrderFacts} of a row `o`. */
export const factColumns = `o.id, o.account_id, o.identifiers, o.not_before, o.not_after, o.expires_at, o.replaces, o.profile, o.uncounted,
  ARRAY(SELECT authorization_id FROM order_authorizations WHERE order_id = o.id ORDER BY position) AS authorizations`;

/** Columns of {@link OrderState} of a row `o` and its certificate `c`; see {@link certificateJoin}. */
export const stateColumns =
  "o.status, o.error, CASE WHEN c.status = 'issued' THEN c.serial END AS serial, c.spki_sha256";

export const certificateJoin = "LEFT JOIN certificates c ON c.order_id = o.id AND c.status <> 'abandoned'";
