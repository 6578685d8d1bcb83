import { oids } from '../../x509/oids.ts';
import { readCRLNumber } from '../../x509/extensions/crl-extensions.ts';
import { readIfPresent } from '../helpers.ts';
import type { CrlRule } from '../rule.ts';

export const crlNumberRises: CrlRule = {
  id: 'crl-number-rises',
  clause: 'RFC 5280 §5.2.3; BR 7.2.2',
  demand: 'The CRL number is greater than that of the CRL before it.',
  check: ({ tbs, previous }) => {
    if (previous === undefined) return undefined;
    const before = readIfPresent(previous.tbs, oids.cRLNumber, readCRLNumber);
    const now = readIfPresent(tbs, oids.cRLNumber, readCRLNumber);
    if (before === undefined || now === undefined || now > before) return undefined;
    return `number ${now} after number ${before}`;
  },
};
