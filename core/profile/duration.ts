import { z } from 'zod';

/** A length of time by calendar (years, months) and clock (days to seconds), as plans write it: `20y -1s`, `180d`. */
export interface Duration {
  readonly text: string;
  readonly months: number;
  readonly seconds: number;
}

const units: Readonly<Record<string, { readonly months: number; readonly seconds: number }>> = {
  y: { months: 12, seconds: 0 },
  mo: { months: 1, seconds: 0 },
  w: { months: 0, seconds: 604_800 },
  d: { months: 0, seconds: 86_400 },
  h: { months: 0, seconds: 3600 },
  m: { months: 0, seconds: 60 },
  s: { months: 0, seconds: 1 },
};
const whole = /^\+?\d{1,7}(?:mo|[ywdhms])(?: ?[+-]\d{1,7}(?:mo|[ywdhms]))*$/u;
const term = /([+-]?)(\d+)(mo|[ywdhms])/gu;

/** The duration a text names, or undefined. */
export function parseDuration(text: string): Duration | undefined {
  if (!whole.test(text)) return undefined;
  let [months, seconds] = [0, 0];
  for (const [, sign, count, unit] of text.matchAll(term)) {
    const factor = Number(count) * (sign === '-' ? -1 : 1);
    months += factor * (units[unit ?? '']?.months ?? 0);
    seconds += factor * (units[unit ?? '']?.seconds ?? 0);
  }
  return { text, months, seconds };
}

/** `start` plus the duration, both in seconds since the epoch. 29 February plus a year is 28 February. */
export function addDuration(start: number, { months, seconds }: Duration): number {
  const date = new Date(start * 1000);
  const month = date.getUTCMonth() + months;
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), month + 1, 0)).getUTCDate();
  const day = Math.min(date.getUTCDate(), lastDay);
  const time = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()] as const;
  return Date.UTC(date.getUTCFullYear(), month, day, ...time) / 1000 + seconds;
}

/** A hundred years: no certificate lasts longer. */
const longest = Date.UTC(2070, 0, 1) / 1000;

/** A positive duration in a plan or a configuration. */
export const durationSchema = z
  .string()
  .refine((text) => {
    const duration = parseDuration(text);
    const seconds = duration === undefined ? 0 : addDuration(0, duration);
    return seconds > 0 && seconds <= longest;
  }, 'not a length of time of up to 100 years: write 20y, 180d, 24h or a sum such as "20y -1s" (units y mo w d h m s)')
  .meta({ description: 'A length of time: 20y, 180d, 24h, or a sum such as "20y -1s" (units y mo w d h m s)' });

/** Seconds a duration lasts when it starts at `start`. Only for texts that {@link durationSchema} has accepted. */
export function durationSeconds(text: string, start = 0): number {
  const duration = parseDuration(text);
  return duration === undefined ? 0 : addDuration(start, duration) - start;
}
