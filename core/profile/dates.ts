import { z } from 'zod';
import { parseGeneralizedTime } from '../der/time.ts';
import { addDuration, durationSchema, parseDuration } from './duration.ts';

const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/u;

/** Seconds since the epoch of `2026-11-22T05:52:40Z`, or undefined. */
export function parseUtc(text: string): number | undefined {
  return instant.test(text) ? parseGeneralizedTime(text.replace(/[-:T]/gu, '')) : undefined;
}

/** `2026-11-22T05:52:40Z` for seconds since the epoch. */
export function formatUtc(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}

/** Midnight UTC of the day an instant lies in. */
export function startOfDay(seconds: number): number {
  return seconds - (((seconds % 86_400) + 86_400) % 86_400);
}

export const instantSchema = z
  .string()
  .refine((text) => parseUtc(text) !== undefined, 'not a time in UTC: write 2026-11-22T00:00:00Z');

/**
 * When a certificate is valid. `from` is a date or the rule `ceremony-day` (00:00:00Z of the day the ceremony is held:
 * BR 7.1.2.1.1 allows a root no later and no more than a day earlier). `for` counts both ends, as RFC 5280 §4.1.2.5
 * does: notAfter is `from` + `for` - 1 s. `until` names notAfter itself.
 */
export const validitySchema = z
  .strictObject({
    from: z.union([z.literal('ceremony-day'), instantSchema]).default('ceremony-day'),
    for: durationSchema.optional(),
    until: instantSchema.optional(),
  })
  .refine((value) => (value.for === undefined) !== (value.until === undefined), 'give either "for" or "until"');
export type ValidityRule = z.infer<typeof validitySchema>;

/** The two dates a rule means on the day, in seconds since the epoch. */
export function resolveValidity(rule: ValidityRule, ceremonyDay: number): { notBefore: number; notAfter: number } {
  const notBefore = rule.from === 'ceremony-day' ? startOfDay(ceremonyDay) : (parseUtc(rule.from) ?? 0);
  const length = parseDuration(rule.for ?? '');
  const notAfter = length === undefined ? (parseUtc(rule.until ?? '') ?? 0) : addDuration(notBefore, length) - 1;
  return { notBefore, notAfter };
}
