import type { Transition } from './transition.ts';

/** RFC 8555 §7.1.6. */
export const challengeStatuses = ['pending', 'processing', 'valid', 'invalid'] as const;
export type ChallengeStatus = (typeof challengeStatuses)[number];

export const challengeSteps = {
  /** The client says it is ready. */
  begin: { from: ['pending'], to: 'processing' },
  /** An attempt failed, and another follows (RFC 8555 §8.2). */
  retry: { from: ['processing'], to: 'processing' },
  succeed: { from: ['processing'], to: 'valid' },
  fail: { from: ['processing'], to: 'invalid' },
} as const satisfies Record<string, Transition<ChallengeStatus>>;
