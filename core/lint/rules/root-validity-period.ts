import { day, lasting } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

const minimumDays = 2922;
const maximumDays = 9132;

export const rootValidityPeriod: CertificateRule = {
  id: 'root-validity-period',
  clause: 'BR 7.1.2.1.1',
  demand: 'A root is valid for 2922 to 9132 days of 86,400 seconds, the last second included.',
  appliesTo: ['root'],
  check: ({ tbs: { notBefore, notAfter } }) => {
    const seconds = notAfter - notBefore + 1;
    if (seconds >= minimumDays * day && seconds <= maximumDays * day) return undefined;
    return lasting(seconds);
  },
};
