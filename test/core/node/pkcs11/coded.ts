import { expect } from 'vitest';

/** Matches a coded error by its code. */
export function coded(code: string): unknown {
  return expect.objectContaining({ code });
}
