import { parseUtc } from '../profile/dates.ts';
import { ceremonyError } from './ceremony-error.ts';

/** What people may type for a time: to the minute, or to the second. */
export const watchPattern = '20[0-9]{2}-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9](:[0-5][0-9])?';

/** The time a watch shows, in seconds since the epoch: a minute lasts until the next one. */
export function readWatch(text: string): { readonly earliest: number; readonly latest: number } {
  const [date = '', time = ''] = text.split(' ');
  const toTheSecond = time.length > 5;
  const earliest = parseUtc(`${date}T${time}${toTheSecond ? '' : ':00'}Z`);
  if (earliest === undefined) {
    throw ceremonyError('clock-no-time', `"${text}" is no date and time.`, 'Type it as in 2001-02-03 04:05.');
  }
  return { earliest, latest: toTheSecond ? earliest : earliest + 59 };
}
