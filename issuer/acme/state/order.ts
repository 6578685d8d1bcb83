import type { Transition } from './transition.ts';

/** RFC 8555 §7.1.6. */
export const orderStatuses = ['pending', 'ready', 'processing', 'valid', 'invalid'] as const;
export type OrderStatus = (typeof orderStatuses)[number];

export const orderSteps = {
  /** The last authorization became valid. */
  authorize: { from: ['pending'], to: 'ready' },
  /** A CSR was accepted and a serial number committed. */
  finalize: { from: ['ready'], to: 'processing' },
  /** The certificate is stored. */
  issue: { from: ['processing'], to: 'valid' },
  /** No certificate came of it, through no fault of the client: it may finalize again. */
  release: { from: ['processing'], to: 'ready' },
  /** An authorization failed or was given up. */
  refuse: { from: ['pending', 'ready'], to: 'invalid' },
} as const satisfies Record<string, Transition<OrderStatus>>;

/** What an order is at a time: one that nobody finalized before it expired has become invalid (RFC 8555 §7.1.6). */
export function orderStatusAt(
  order: { readonly status: OrderStatus; readonly expiresAt: number },
  now: number,
): OrderStatus {
  const lapses = order.status === 'pending' || order.status === 'ready';
  return lapses && order.expiresAt <= now ? 'invalid' : order.status;
}
