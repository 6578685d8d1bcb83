import { readCRLNumber } from '../../x509/extensions/crl-extensions.ts';
import { oids } from '../../x509/oids.ts';
import { readIfPresent } from '../helpers.ts';
import type { CrlRule } from '../rule.ts';

export const crlNumberRange: CrlRule = {
  id: 'crl-number-range',
  clause: 'RFC 5280 §5.2.3 (at most 20 octets); BR 7.2.2 (below 2^159); Coldroot (numbers begin at 1)',
  demand: 'The CRL number is greater than zero and less than 2^159.',
  check: ({ tbs }) => {
    const number = readIfPresent(tbs, oids.cRLNumber, readCRLNumber);
    if (number === undefined || (number > 0n && number < 2n ** 159n)) return undefined;
    return number < 0n ? 'a negative number' : `number ${number}`;
  },
};
