import type { ChallengeJob } from '../store/challenge.ts';

/** A challenge to be validated, with the URL of the account that it binds. */
export interface ValidationJob extends ChallengeJob {
  readonly account_url: string;
}

/** What a validation proved beyond control. */
export interface Proof {
  /** Seconds since the epoch: it proves nothing after that. */
  readonly until?: number;
}

/**
 * Proves control of an identifier by one kind of challenge: resolves when it is proved, rejects with an AcmeProblem of
 * type dns, connection, tls, caa or incorrectResponse when it is not, and with anything else when the fault is ours: that is logged,
 * and ends the challenge like any other.
 */
export type Validator = (job: ValidationJob, keyAuthorization: string, signal: AbortSignal) => Promise<Proof | void>;
