import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextNumber } from '../../../issuer/revocation/make-crl.ts';

const time = fc.integer({ min: 1_700_000_000, max: 2_000_000_000 });

describe('the number of a CRL', () => {
  it('is above the one before, however the clock runs', () => {
    const rises = fc.property(time, fc.array(time, { maxLength: 20 }), (first, times) => {
      let number = nextNumber(undefined, first);
      return times.every((now) => {
        const next = nextNumber(number, now);
        const rose = next > number;
        number = next;
        return rose;
      });
    });
    expect(fc.check(rises)).toMatchObject({ failed: false });
  });

  it('is never given out again after the database was restored from a backup', () => {
    const lost = nextNumber(1_800_000_000, 1_800_000_100);
    expect(nextNumber(1_800_000_000, 1_800_000_200)).toBeGreaterThan(lost);
  });
});
