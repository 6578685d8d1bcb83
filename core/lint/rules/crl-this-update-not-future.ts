import { at } from '../helpers.ts';
import type { CrlRule } from '../rule.ts';

export const crlThisUpdateNotFuture: CrlRule = {
  id: 'crl-this-update-not-future',
  clause: 'RFC 5280 §5.1.2.4 (the date of issue)',
  demand: 'thisUpdate is not after the time of signing.',
  check: ({ tbs, signingTime }) =>
    signingTime !== undefined && tbs.thisUpdate > signingTime
      ? `thisUpdate ${at(tbs.thisUpdate)}, signed ${at(signingTime)}`
      : undefined,
};
