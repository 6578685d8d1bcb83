import { describe, expect, it } from 'vitest';
import { systemEntropy } from '../../../core/node/entropy.ts';
import { keyPeriod, Nonces, periodOf } from '../../../issuer/acme/nonces.ts';

const start = 20_000 * keyPeriod + 100;

function makeNonces(lifetimeSeconds = 7200): { nonces: Nonces; clock: { time: number; now(): number } } {
  const clock = { time: start, now: () => clock.time };
  const nonces = new Nonces({ clock, entropy: systemEntropy, lifetimeSeconds });
  nonces.useKeys([key(periodOf(start), 1), key(periodOf(start) + 1, 2)]);
  return { nonces, clock };
}

function key(period: number, fill: number): { period: number; id: Buffer; key: Buffer } {
  return { period, id: Buffer.alloc(8, fill), key: Buffer.alloc(32, fill) };
}

describe('a nonce', () => {
  it('is unpadded base64url, for clients that decode it', () => {
    expect(makeNonces().nonces.mint()).toMatch(/^[A-Za-z0-9_-]{36}$/u);
  });

  it('is opened by whoever has the key, and names it', () => {
    const [here, there] = [makeNonces().nonces, makeNonces().nonces];
    expect(there.open(here.mint())).toEqual({ value: expect.anything(), keyId: Buffer.alloc(8, 1) });
  });

  it('is different every time', () => {
    const { nonces } = makeNonces();
    expect(new Set(Array.from({ length: 1000 }, () => nonces.mint())).size).toBe(1000);
  });

  it('lives as long as it should, across the change of keys, and not longer', () => {
    const { nonces, clock } = makeNonces();
    clock.time = (periodOf(start) + 1) * keyPeriod - 1;
    const nonce = nonces.mint();
    clock.time += 7200;
    expect(nonces.open(nonce)).toBeDefined();
    clock.time += 1;
    expect(nonces.open(nonce)).toBeUndefined();
  });

  it('from the future is refused, but for a little difference of clocks', () => {
    const { nonces, clock } = makeNonces();
    const nonce = nonces.mint();
    clock.time -= 60;
    expect(nonces.open(nonce)).toBeDefined();
    clock.time -= 1;
    expect(nonces.open(nonce)).toBeUndefined();
  });

  it('with any character changed is refused', () => {
    const { nonces } = makeNonces();
    const nonce = nonces.mint();
    for (let index = 0; index < nonce.length; index += 1) {
      const other = nonce[index] === 'A' ? 'B' : 'A';
      expect(nonces.open(nonce.slice(0, index) + other + nonce.slice(index + 1))).toBeUndefined();
    }
  });

  it.each(['', 'x', 'A'.repeat(36), 'A'.repeat(1000), `${'A'.repeat(35)}=`])(
    'that we did not mint (%#) is refused',
    (text) => {
      expect(makeNonces().nonces.open(text)).toBeUndefined();
    },
  );

  it('made with a key that is gone is refused, and none is made without a key', () => {
    const { nonces } = makeNonces();
    const nonce = nonces.mint();
    nonces.useKeys([key(periodOf(start), 3)]);
    expect(nonces.open(nonce)).toBeUndefined();
    nonces.useKeys([]);
    expect(() => nonces.mint()).toThrow(expect.objectContaining({ code: 'nonce-key-missing' }));
  });

  it('that has expired sorts before the mark for pruning, and one that has not, after it', () => {
    const { nonces, clock } = makeNonces(3600);
    const old = nonces.open(nonces.mint());
    clock.time += 3600;
    const mark = (): Buffer => Buffer.from(nonces.expiredBefore());
    expect(Buffer.compare(Buffer.from(old?.value ?? []), mark())).toBeGreaterThan(0);
    clock.time += 62;
    expect(Buffer.compare(Buffer.from(old?.value ?? []), mark())).toBeLessThan(0);
  });
});
