import { DerReader } from '../der/reader.ts';
import { generalizedTimeFrom } from '../der/time.ts';
import { tags } from '../der/tags.ts';
import { at } from './helpers.ts';

/** What is wrong with the type of a Time element for its year (RFC 5280 §4.1.2.5), or undefined. */
export function timeMisencoded(element: Uint8Array): string | undefined {
  const seconds = DerReader.over(element).time();
  const wanted = seconds < generalizedTimeFrom ? tags.utcTime : tags.generalizedTime;
  if (element[0] === wanted) return undefined;
  return `${at(seconds)} as ${element[0] === tags.utcTime ? 'UTCTime' : 'GeneralizedTime'}`;
}
