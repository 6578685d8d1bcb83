import type { Transition } from './transition.ts';

/** As stored; `expired` is what a valid one becomes by itself (RFC 8555 §7.1.6). */
export const authorizationStatuses = ['pending', 'valid', 'invalid', 'deactivated'] as const;
export type AuthorizationStatus = (typeof authorizationStatuses)[number];

export const authorizationSteps = {
  /** A challenge succeeded. */
  validate: { from: ['pending'], to: 'valid' },
  /** A challenge failed: there is no second try (RFC 8555 §7.1.6). */
  refuse: { from: ['pending'], to: 'invalid' },
  /** The account gives it up (RFC 8555 §7.5.2). */
  deactivate: { from: ['pending', 'valid'], to: 'deactivated' },
} as const satisfies Record<string, Transition<AuthorizationStatus>>;

/** What an authorization is at a time. */
export function authorizationStatusAt(
  authorization: { readonly status: AuthorizationStatus; readonly expiresAt: number },
  now: number,
): AuthorizationStatus | 'expired' {
  if (authorization.expiresAt > now) return authorization.status;
  if (authorization.status === 'valid') return 'expired';
  return authorization.status === 'pending' ? 'invalid' : authorization.status;
}
