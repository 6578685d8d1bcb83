import { at } from '../helpers.ts';
import type { CrlRule } from '../rule.ts';

export const crlNotExpiredAtSigning: CrlRule = {
  id: 'crl-not-expired-at-signing',
  clause: 'RFC 5280 §5.1.2.5',
  demand: 'nextUpdate is after the time of signing.',
  check: ({ tbs: { nextUpdate }, signingTime }) =>
    signingTime !== undefined && nextUpdate !== undefined && nextUpdate <= signingTime
      ? `nextUpdate ${at(nextUpdate)}, signed ${at(signingTime)}`
      : undefined,
};
