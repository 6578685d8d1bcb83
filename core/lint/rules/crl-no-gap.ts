import { at } from '../helpers.ts';
import type { CrlRule } from '../rule.ts';

// A lapse cannot be undone, only explained: the plan that ends it says why in a waiver, which the bundle then carries.
export const crlNoGap: CrlRule = {
  id: 'crl-no-gap',
  clause: 'BR 4.9.7; RFC 5280 §5.1.2.5 (a new CRL no later than nextUpdate)',
  demand: 'A CRL for CA certificates is issued before the one before it lapses.',
  check: ({ tbs, previous, scope }) => {
    const lapse = previous?.tbs.nextUpdate;
    if (scope !== 'ca' || lapse === undefined || tbs.thisUpdate <= lapse + 1) return undefined;
    return `issued ${at(tbs.thisUpdate)}, the one before it lapsed ${at(lapse)}`;
  },
};
