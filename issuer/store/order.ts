import type { Identifier } from '../acme/identifiers/identifier.ts';
import type { ProblemDocument } from '../acme/problems.ts';
import type { OrderStatus } from '../acme/state/order.ts';

export interface StoredOrder {
  readonly id: string;
  readonly status: OrderStatus;
  readonly identifiers: readonly Identifier[];
  readonly not_before: number | null;
  readonly not_after: number | null;
  readonly error: ProblemDocument | null;
  readonly expires_at: number;
  readonly authorizations: readonly string[];
  /** Of the stored certificate. */
  readonly serial: Uint8Array | null;
  readonly spki_sha256: Uint8Array | null;
}
