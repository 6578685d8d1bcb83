import type { Prompt } from '../../../core/ceremony/prompt.ts';

/** One share of a PIN, of how many. */
interface Share {
  readonly number: number;
  readonly of: number;
}

/** The share a secret is, where it is not the PIN itself. */
export function shareOf(prompt: Prompt): Share | undefined {
  return 'share' in prompt ? (prompt as { readonly share?: Share }).share : undefined;
}

/**
 * Whether a share must be shown to somebody before this is answered. Nothing a host sends has room for a secret, so the
 * window cannot show it, and must not let anybody say that they have it.
 */
export function handsOut(prompt: Prompt): boolean {
  return 'handOut' in prompt && prompt.handOut !== undefined;
}
