// A token that takes its time: more signatures wait for it than it can do before they are given up.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Token, TokenProvider } from '../../../core/ports/token.ts';
import { TokenKeys } from '../../../issuer/sign/token-keys.ts';

const message = new Uint8Array(32);
const selector = { spki: new Uint8Array(91) };

/** A token that signs when it is told to, one after the other. */
function slowToken() {
  const waiting: (() => void)[] = [];
  const token: Pick<Token, 'login' | 'close' | 'sign'> = {
    login: () => Promise.resolve(),
    close: () => Promise.resolve(),
    sign: () => new Promise((resolve) => waiting.push(() => resolve(new Uint8Array(64)))),
  };
  const provider = { open: () => Promise.resolve(token as Token) } as unknown as TokenProvider;
  return { keys: new TokenKeys({ provider, uri: 'slow', readPin: () => 'secret-4711' }), waiting };
}

describe('the keys on a slow token', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
  afterEach(() => void vi.useRealTimers());

  it('are overloaded as long as a further signature would wait for more than ten seconds, and not before', async () => {
    const { keys, waiting } = slowToken();
    const asked = Array.from({ length: 30 }, () => keys.sign(selector, 'ecdsa-sha256', message));
    // Nobody knows yet how slow it is.
    expect(keys.overloaded).toBe(false);
    await vi.waitFor(() => expect(waiting).toHaveLength(30));
    const seen: boolean[] = [];
    for (const signature of asked) {
      vi.advanceTimersByTime(2000);
      waiting.shift()?.();
      await signature;
      seen.push(keys.overloaded);
    }
    expect(seen).toContain(true);
    // Two seconds each: with four left a further one is in time.
    expect(seen.slice(-4)).toEqual([false, false, false, false]);
    expect(keys.overloaded).toBe(false);
  });

  it('are not overloaded by as many where each is done in a millisecond', async () => {
    const { keys, waiting } = slowToken();
    const asked = Array.from({ length: 200 }, () => keys.sign(selector, 'ecdsa-sha256', message));
    await vi.waitFor(() => expect(waiting).toHaveLength(200));
    for (const signature of asked) {
      vi.advanceTimersByTime(1);
      waiting.shift()?.();
      await signature;
      expect(keys.overloaded).toBe(false);
    }
  });
});
