/** A key that nonces of one period are made with; every replica uses the same. */
export interface NonceKey {
  readonly period: number;
  readonly id: Uint8Array;
  readonly key: Uint8Array;
}
