import { describe, expect, it } from 'vitest';
import { isCrlDue } from '../../../issuer/revocation/make-crl.ts';

const now = 1_800_000_000;
const day = 86_400;
const fresh = { this_update: now, bytes: 300, unlisted: false };

describe('a new CRL', () => {
  it('is due where there is none, and when half of its life is over', () => {
    expect(isCrlDue({ ...fresh, this_update: null }, now, day)).toBe(true);
    expect(isCrlDue(fresh, now + day / 2 - 1, day)).toBe(false);
    expect(isCrlDue(fresh, now + day / 2, day)).toBe(true);
  });

  it('is due at once when something was revoked', () => {
    expect(isCrlDue({ ...fresh, unlisted: true }, now, day)).toBe(true);
    // Also by a clock that is behind the one that the last was made by.
    expect(isCrlDue({ ...fresh, unlisted: true }, now - 100, day)).toBe(true);
  });

  it.each([
    [49_999, 0],
    [2_500_000, 50],
    [12_500_000, 250],
  ])('of %i bytes leaves %i seconds for other work before the next one, whatever is revoked', (bytes, seconds) => {
    const long = { ...fresh, bytes, unlisted: true };
    expect(isCrlDue(long, now + seconds - 1, day)).toBe(seconds === 0);
    expect(isCrlDue(long, now + seconds, day)).toBe(true);
    // Nothing keeps one waiting beyond half of its life.
    expect(isCrlDue(long, now + day / 2, day)).toBe(true);
  });
});
