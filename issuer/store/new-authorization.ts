import type { Identifier } from '../acme/identifiers/identifier.ts';

/** A challenge to be made: one of an authorization's. */
export interface NewChallenge {
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
  /** It is to stand for all names below it (RFC 9444). */
  readonly subdomains: boolean;
  /** Its own value, and those of authorizations that would do instead. */
  readonly names: readonly string[];
  readonly challenges: readonly NewChallenge[];
}
