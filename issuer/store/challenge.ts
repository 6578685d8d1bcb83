import type { Identifier } from '../acme/identifiers/identifier.ts';
import type { AuthorizationStatus } from '../acme/state/authorization.ts';
import type { Admission } from './admission.ts';
import type { StoredChallenge } from './authorization.ts';

/** All that a validation needs to know. */
export interface ChallengeJob {
  readonly id: string;
  readonly authorization_id: string;
  readonly type: string;
  readonly token: string;
  readonly identifier_type: Identifier['type'];
  readonly identifier_value: string;
  readonly wildcard: boolean;
  /** It is to stand for all names below it, too (RFC 9444). */
  readonly subdomains: boolean;
  readonly account_id: string;
  readonly directory: string;
  /** Of the account's key. */
  readonly thumbprint: Uint8Array;
}

export type ChallengeRow = Admission & { readonly id: string | null } & Omit<StoredChallenge, 'id'> & {
    readonly authorization_id: string;
    readonly identifier_type: Identifier['type'];
    readonly identifier_value: string;
    readonly wildcard: boolean;
    readonly subdomains: boolean;
    readonly authorization_status: AuthorizationStatus;
    readonly expires_at: number;
    /** When it is tried again, after an attempt that failed. */
    readonly retry_at: number | null;
    /** This request set it going; the other columns are from before that. */
    readonly begun: boolean;
  };

export const challengeColumns = `c.id, c.type, c.status, c.token, c.validated_at, c.error, c.authorization_id,
  c.retry_at, a.identifier_type, a.identifier_value, a.wildcard, a.subdomains, a.status AS authorization_status, a.expires_at`;

export const challengeSource = `(SELECT) AS one LEFT JOIN (challenges c JOIN authorizations a ON a.id = c.authorization_id)
  ON c.id = $5 AND a.account_id = (SELECT id FROM active)`;
