import { DerReader } from '../../der/reader.ts';
import { tags } from '../../der/tags.ts';
import { listed } from '../helpers.ts';
import { timeMisencoded } from '../time-encoding.ts';
import type { CrlRule } from '../rule.ts';

const times: readonly number[] = [tags.utcTime, tags.generalizedTime];

/** Every Time element of a TBSCertList: its one or two dates and the date of every entry. */
function timeElements(raw: Uint8Array): readonly Uint8Array[] {
  const list = DerReader.over(raw).enter();
  if (list.peek() === tags.integer) list.element();
  // Signature and issuer stand before the dates, the revoked certificates behind them.
  list.element();
  list.element();
  const dates: Uint8Array[] = [];
  while (times.includes(list.peek())) dates.push(list.element().raw);
  const entries = list.enterOptional(tags.sequence);
  // The reader of the TBSCertList has counted them.
  const revocations = entries?.list(Number.MAX_SAFE_INTEGER, (reader) => {
    const entry = reader.enter();
    entry.element();
    return entry.element().raw;
  });
  return dates.concat(revocations ?? []);
}

export const crlTimeEncoding: CrlRule = {
  id: 'crl-time-encoding',
  clause: 'RFC 5280 §5.1.2.4, §5.1.2.5 and §5.1.2.6',
  demand: 'Dates through 2049 are UTCTime, dates from 2050 are GeneralizedTime.',
  check: ({ tbs }) => listed(timeElements(tbs.raw).flatMap((element) => timeMisencoded(element) ?? [])),
};
