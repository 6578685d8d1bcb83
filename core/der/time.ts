import { CodedError } from '../ports/coded-error.ts';

const utcTimePattern = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/u;
const generalizedTimePattern = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/u;

/** First second that must be written as GeneralizedTime (RFC 5280 §4.1.2.5). */
export const generalizedTimeFrom = Date.UTC(2050, 0, 1) / 1000;

function secondsOf(year: number, fields: readonly number[]): number | undefined {
  const [month = 0, day = 0, hour = 0, minute = 0, second = 0] = fields;
  const milliseconds = Date.UTC(year, month - 1, day, hour, minute, second);
  const back = new Date(milliseconds);
  // Date.UTC rolls 31 February over into March; a certificate must not.
  const same =
    back.getUTCFullYear() === year &&
    back.getUTCMonth() === month - 1 &&
    back.getUTCDate() === day &&
    back.getUTCHours() === hour &&
    back.getUTCMinutes() === minute &&
    back.getUTCSeconds() === second;
  return same ? milliseconds / 1000 : undefined;
}

/** Seconds since the epoch of a UTCTime in its DER form; years 1950 to 2049. */
export function parseUtcTime(text: string): number | undefined {
  const match = utcTimePattern.exec(text);
  if (match === null) return undefined;
  const [short = 0, ...fields] = match.slice(1).map(Number);
  return secondsOf(short < 50 ? 2000 + short : 1900 + short, fields);
}

/** Seconds since the epoch of a GeneralizedTime in its DER form. */
export function parseGeneralizedTime(text: string): number | undefined {
  const match = generalizedTimePattern.exec(text);
  if (match === null) return undefined;
  const [year = 0, ...fields] = match.slice(1).map(Number);
  return year < 1000 ? undefined : secondsOf(year, fields);
}

const earliest = Date.UTC(1950, 0, 1) / 1000;
const latest = Date.UTC(9999, 11, 31, 23, 59, 59) / 1000;

/** `20261122055240` for seconds since the epoch: the digits both time types share. Only years 1950 to 9999 have them. */
export function timeDigits(seconds: number): string {
  if (!Number.isInteger(seconds) || seconds < earliest || seconds > latest) {
    throw new CodedError({
      code: 'time-out-of-range',
      message: 'A time is not a whole second between 1950 and 9999.',
      remedy: 'Shorten the validity, or write the date in four digits of year.',
    });
  }
  return new Date(seconds * 1000).toISOString().replace(/[-:T]|\.\d+Z$/gu, '');
}
