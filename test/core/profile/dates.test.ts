import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatUtc,
  instantSchema,
  parseUtc,
  resolveValidity,
  startOfDay,
  validitySchema,
} from '../../../core/profile/dates.ts';
import { addDuration, durationSchema, durationSeconds, parseDuration } from '../../../core/profile/duration.ts';

const utc = (text: string): number => Date.parse(text) / 1000;

function add(from: string, text: string): string {
  const duration = parseDuration(text);
  return duration === undefined ? 'no duration' : formatUtc(addDuration(utc(from), duration));
}

describe('durations', () => {
  it.each([
    ['2026-11-22T00:00:00Z', '20y', '2046-11-22T00:00:00Z'],
    ['2026-11-22T00:00:00Z', '20y -1s', '2046-11-21T23:59:59Z'],
    ['2026-11-22T00:00:00Z', '20y-1s', '2046-11-21T23:59:59Z'],
    ['2026-11-22T00:00:00Z', '180d', '2027-05-21T00:00:00Z'],
    ['2024-02-29T12:00:00Z', '1y', '2025-02-28T12:00:00Z'],
    ['2024-02-29T12:00:00Z', '4y', '2028-02-29T12:00:00Z'],
    ['2096-02-29T00:00:00Z', '4y', '2100-02-28T00:00:00Z'],
    ['2026-01-31T00:00:00Z', '1mo', '2026-02-28T00:00:00Z'],
    ['2026-10-31T00:00:00Z', '13mo', '2027-11-30T00:00:00Z'],
    ['2026-12-31T23:59:59Z', '1s', '2027-01-01T00:00:00Z'],
    ['2026-11-22T00:00:00Z', '1w 1d 1h 1m 1s', 'no duration'],
    ['2026-11-22T00:00:00Z', '1w +1d +1h +1m +1s', '2026-11-30T01:01:01Z'],
  ])('%s and %s is %s', (from, text, to) => {
    expect(add(from, text)).toBe(to);
  });

  it.each(['', ' ', '20', 'y', '-1d', '1 d', '1.5d', '20Y', '1d 2', '1d  +2h', '12345678d', '1d\n', '٣d'])(
    '%j is none',
    (text) => {
      expect(parseDuration(text)).toBeUndefined();
      expect(durationSchema.safeParse(text).success).toBe(false);
    },
  );

  it.each(['0d', '1d -1d', '1d -2d', '101y', '9999999y', '1200mo +1d'])('%s is no length for a certificate', (text) => {
    expect(durationSchema.safeParse(text).success).toBe(false);
  });

  it.each(['1s', '100y', '90d', '20y -1s'])('%s is one', (text) => {
    expect(durationSchema.safeParse(text).success).toBe(true);
  });

  it('days, hours, minutes and seconds are of one length wherever they begin', () => {
    const start = fc.integer({ min: utc('1970-01-01T00:00:00Z'), max: utc('2100-01-01T00:00:00Z') });
    fc.assert(
      fc.property(start, fc.nat(10_000), fc.nat(100_000), (from, days, seconds) => {
        expect(durationSeconds(`${days}d +${seconds}s`, from)).toBe(days * 86_400 + seconds);
      }),
    );
  });

  it('months keep the day and the time of day where the month has that day', () => {
    const start = fc.integer({ min: utc('1970-01-01T00:00:00Z'), max: utc('2100-01-01T00:00:00Z') });
    fc.assert(
      fc.property(start, fc.integer({ min: 1, max: 600 }), (from, months) => {
        const [before, after] = [from, from + durationSeconds(`${months}mo`, from)].map(
          (second) => new Date(second * 1000),
        );
        expect(after?.toISOString().slice(11)).toBe(before?.toISOString().slice(11));
        expect(after?.getUTCDate()).toBeLessThanOrEqual(before?.getUTCDate() ?? 0);
        const month = ((before?.getUTCMonth() ?? 0) + months) % 12;
        expect(after?.getUTCMonth()).toBe(month);
      }),
    );
  });
});

describe('instants', () => {
  it('are written and read back to the second', () => {
    fc.assert(
      fc.property(fc.integer({ min: utc('1950-01-01T00:00:00Z'), max: utc('9999-12-31T23:59:59Z') }), (seconds) => {
        expect(parseUtc(formatUtc(seconds))).toBe(seconds);
      }),
    );
  });

  it.each([
    '2026-11-22',
    '2026-11-22T00:00:00',
    '2026-11-22 00:00:00Z',
    '2026-11-22T00:00:00+00:00',
    '2026-11-22T00:00:00.0Z',
    '2026-02-30T00:00:00Z',
    '2027-02-29T00:00:00Z',
    '2026-11-22T24:00:00Z',
    '2026-13-01T00:00:00Z',
    '0026-11-22T00:00:00Z',
    '2026-11-22T00:00:00Z\n',
  ])('%j is none', (text) => {
    expect(parseUtc(text)).toBeUndefined();
    expect(instantSchema.safeParse(text).success).toBe(false);
  });

  it('a day begins at midnight UTC, before 1970 as well', () => {
    expect(formatUtc(startOfDay(utc('2026-11-22T23:59:59Z')))).toBe('2026-11-22T00:00:00Z');
    expect(formatUtc(startOfDay(utc('2026-11-22T00:00:00Z')))).toBe('2026-11-22T00:00:00Z');
    expect(formatUtc(startOfDay(utc('1969-12-31T12:00:00Z')))).toBe('1969-12-31T00:00:00Z');
  });
});

describe('validity rules', () => {
  const day = utc('2026-11-22T14:30:00Z');
  const dates = (rule: object): readonly [string, string] => {
    const { notBefore, notAfter } = resolveValidity(validitySchema.parse(rule), day);
    return [formatUtc(notBefore), formatUtc(notAfter)];
  };

  it('"for" counts the last second: 20 years from midnight end a second before midnight', () => {
    expect(dates({ for: '20y' })).toEqual(['2026-11-22T00:00:00Z', '2046-11-21T23:59:59Z']);
    expect(dates({ from: 'ceremony-day', for: '20y -1s' })).toEqual(['2026-11-22T00:00:00Z', '2046-11-21T23:59:58Z']);
  });

  it('dates that are named are taken as they are', () => {
    const rule = { from: '2026-12-01T00:00:00Z', until: '2031-11-30T23:59:59Z' };
    expect(dates(rule)).toEqual([rule.from, rule.until]);
  });

  it.each([
    ['neither "for" nor "until"', {}],
    ['both', { for: '1y', until: '2027-01-01T00:00:00Z' }],
    ['another rule', { from: 'today', for: '1y' }],
    ['a date without a time', { from: '2026-11-22', for: '1y' }],
    ['an unknown key', { for: '1y', to: '2027-01-01T00:00:00Z' }],
    ['a number', { for: 365 }],
  ])('%s is refused', (_, rule) => {
    expect(validitySchema.safeParse(rule).success).toBe(false);
  });
});
