import type { ChallengeJob } from '../store/challenge.ts';

/**
 * Proves control of an identifier by one kind of challenge: resolves when it is proved, rejects with an AcmeProblem of
 * type dns, connection or incorrectResponse when it is not, and with anything else when the fault is ours.
 */
export type Validator = (job: ChallengeJob, keyAuthorization: string, signal: AbortSignal) => Promise<void>;
