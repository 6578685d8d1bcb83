import { day, lasting } from '../helpers.ts';
import type { CrlRule } from '../rule.ts';

/** "12 months" is read as 365 days: whoever keeps that keeps it in every year. */
const maximumDays = { ca: 365, 'end-entity': 10 } as const;

export const crlPeriod: CrlRule = {
  id: 'crl-period',
  clause: 'BR 7.2 (nextUpdate) and 4.9.7',
  demand: 'A CRL is good for at most 12 months for CA certificates and 10 days for others, the last second included.',
  check: ({ tbs: { thisUpdate, nextUpdate }, scope }) => {
    if (nextUpdate === undefined) return undefined;
    const seconds = nextUpdate - thisUpdate + 1;
    return seconds <= maximumDays[scope] * day ? undefined : lasting(seconds);
  },
};
