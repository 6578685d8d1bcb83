import { DerReader } from '../../der/reader.ts';
import { tags } from '../../der/tags.ts';
import { listed } from '../helpers.ts';
import { timeMisencoded } from '../time-encoding.ts';
import type { CrlRule } from '../rule.ts';

const times: readonly number[] = [tags.utcTime, tags.generalizedTime];

/** Every Time element of a TBSCertList: its two dates and the date of every entry. */
function timeElements(raw: Uint8Array): readonly Uint8Array[] {
  const elements: Uint8Array[] = [];
  const list = DerReader.over(raw).enter();
  while (!list.atEnd) {
    if (times.includes(list.peek())) elements.push(list.element().raw);
    // The revoked certificates are the one SEQUENCE that follows the dates.
    else if (list.peek() === tags.sequence && elements.length > 0) {
      const entries = list.enter();
      while (!entries.atEnd) {
        const entry = entries.enter();
        entry.element();
        elements.push(entry.element().raw);
      }
    } else list.element();
  }
  return elements;
}

export const crlTimeEncoding: CrlRule = {
  id: 'crl-time-encoding',
  clause: 'RFC 5280 §5.1.2.4, §5.1.2.5 and §5.1.2.6',
  demand: 'Dates through 2049 are UTCTime, dates from 2050 are GeneralizedTime.',
  check: ({ tbs }) => listed(timeElements(tbs.raw).flatMap((element) => timeMisencoded(element) ?? [])),
};
