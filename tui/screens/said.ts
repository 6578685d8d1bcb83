import type { Refusal } from '../../core/ports/coded-error.ts';

/** What a refusal says to the people at an entry; nothing when there is none. */
export async function said(outcome: Promise<Refusal | undefined>): Promise<string | undefined> {
  const refusal = await outcome;
  return refusal === undefined ? undefined : `${refusal.message} ${refusal.remedy}`;
}
