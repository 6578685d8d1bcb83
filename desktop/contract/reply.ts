import type { Refusal } from '../../core/ports/coded-error.ts';

/** What a host says to a request: never an exception, and nothing of how it works inside. */
export type Reply<T> = { readonly ok: true; readonly response: T } | { readonly ok: false; readonly refusal: Refusal };

export function refuse(
  code: string,
  message: string,
  remedy: string,
): { readonly ok: false; readonly refusal: Refusal } {
  return { ok: false, refusal: { code, message, remedy } };
}
