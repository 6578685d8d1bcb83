import type { Identifier } from '../acme/identifiers/identifier.ts';
import type { ProblemDocument } from '../acme/problems.ts';
import type { AuthorizationStatus } from '../acme/state/authorization.ts';
import type { ChallengeStatus } from '../acme/state/challenge.ts';
import type { Admission } from './admission.ts';

export interface StoredChallenge {
  readonly id: string;
  readonly type: string;
  readonly status: ChallengeStatus;
  readonly token: string;
  /** Seconds since the epoch. */
  readonly validated_at: number | null;
  readonly error: ProblemDocument | null;
}

export interface StoredAuthorization {
  readonly id: string;
  readonly status: AuthorizationStatus;
  readonly identifier_type: Identifier['type'];
  readonly identifier_value: string;
  readonly wildcard: boolean;
  readonly subdomains: boolean;
  readonly expires_at: number;
  readonly challenges: readonly StoredChallenge[];
}

export type AuthorizationRow = Admission & { id: string | null } & Omit<StoredAuthorization, 'id'>;

export const authorizationColumns = `a.id, a.status, a.identifier_type, a.identifier_value, a.wildcard, a.subdomains, a.expires_at,
  (SELECT json_agg(json_build_object('id', c.id, 'type', c.type, 'status', c.status, 'token', c.token,
      'validated_at', floor(extract(epoch FROM c.validated_at)), 'error', c.error))
    FROM challenges c WHERE c.authorization_id = a.id) AS challenges`;
