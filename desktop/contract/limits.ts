/** Bounds on what crosses between a page and its host. Requests are small: people type them. */
export const limits = {
  /** A request, as the bytes of its JSON. */
  requestBytes: 64 * 1024,
  /** A reply or an event: the longest transcript and the largest CRL with room to spare. */
  replyBytes: 16 * 1024 * 1024,
  /** A PIN, or a share as words. */
  secretBytes: 2048,
  /** Nesting of a value that is passed through. */
  depth: 24,
} as const;
