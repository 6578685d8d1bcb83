import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { askedValidityFault, chooseValidity } from '../../../issuer/sign/validity.ts';

const day = 86_400;
const now = 1_800_000_000;
const rules = {
  lifetime: { min: day, default: 30 * day, max: 90 * day },
  backdate: 60,
  issuer: { notBefore: now - 100 * day, notAfter: now + 400 * day },
};
const nothing = { notBefore: null, notAfter: null };

describe('the dates of a certificate', () => {
  it('are backdated and count both ends, where nobody asked for others', () => {
    expect(chooseValidity(now, nothing, rules)).toEqual({ notBefore: now - 60, notAfter: now - 60 + 30 * day - 1 });
  });

  it('never leave those of the CA', () => {
    const young = { ...rules, issuer: { notBefore: now - 10, notAfter: now + day } };
    expect(chooseValidity(now, nothing, young)).toEqual({ notBefore: now - 10, notAfter: now + day });
  });

  it('are those that were asked for', () => {
    const asked = { notBefore: now + 10, notAfter: now + 10 + day };
    expect(chooseValidity(now, asked, rules)).toEqual(asked);
    expect(askedValidityFault(now, asked, rules)).toBeUndefined();
    expect(askedValidityFault(now, nothing, rules)).toBeUndefined();
  });

  it.each([
    ['notBefore too far ahead', { notBefore: now + 2 * day, notAfter: null }],
    ['notBefore too long ago', { notBefore: now - 2 * day, notAfter: null }],
    ['notAfter in the past', { notBefore: null, notAfter: now - 1 }],
    ['notAfter before notBefore', { notBefore: now + 100, notAfter: now + 50 }],
    ['a longer life than the directory gives', { notBefore: null, notAfter: now + 90 * day }],
    ['a shorter life than the directory gives', { notBefore: now, notAfter: now + day - 2 }],
    ['a life beyond the CA', { notBefore: null, notAfter: now + 401 * day }],
  ])('with %s are refused', (_, asked) => {
    expect(askedValidityFault(now, asked, rules)).toBeDefined();
  });

  it('may be as far from now as lint lets them when a certificate is made, and an hour less when it is ordered', () => {
    for (const notBefore of [now - 2 * day + 60, now + 2 * day - 60]) {
      const asked = { notBefore, notAfter: notBefore + 10 * day };
      expect(askedValidityFault(now, asked, rules)).toBeDefined();
      expect(askedValidityFault(now, asked, rules, 0)).toBeUndefined();
    }
  });

  it('of the least and the greatest length are not refused', () => {
    for (const length of [day, 90 * day]) {
      expect(askedValidityFault(now, { notBefore: now, notAfter: now + length - 1 }, rules)).toBeUndefined();
    }
  });

  it('are refused where the CA ends before the least length, whatever is asked for', () => {
    const old = { ...rules, issuer: { notBefore: now - 100 * day, notAfter: now + day / 2 } };
    expect(askedValidityFault(now, nothing, old)).toMatch(/less than/u);
  });

  it('that pass are always within the CA and the maximum', () => {
    const time = fc.option(fc.integer({ min: now - 500 * day, max: now + 500 * day }));
    fc.assert(
      fc.property(time, time, (notBefore, notAfter) => {
        if (askedValidityFault(now, { notBefore, notAfter }, rules) !== undefined) return;
        const chosen = chooseValidity(now, { notBefore, notAfter }, rules);
        expect(chosen.notBefore).toBeGreaterThanOrEqual(rules.issuer.notBefore);
        expect(chosen.notAfter).toBeLessThanOrEqual(rules.issuer.notAfter);
        expect(chosen.notAfter - chosen.notBefore + 1).toBeLessThanOrEqual(rules.lifetime.max);
        expect(chosen.notAfter - chosen.notBefore + 1).toBeGreaterThanOrEqual(rules.lifetime.min);
        expect(chosen.notAfter).toBeGreaterThan(now);
      }),
    );
  });
});
