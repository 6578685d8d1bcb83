import { at } from '../helpers.ts';
import type { CrlRule } from '../rule.ts';

export const crlThisUpdateFollows: CrlRule = {
  id: 'crl-this-update-follows',
  clause: 'RFC 5280 §5.1.2.4 and §5.2.3 (which of two CRLs is the later one)',
  demand: 'thisUpdate is not before that of the CRL before it.',
  check: ({ tbs, previous }) =>
    previous !== undefined && tbs.thisUpdate < previous.tbs.thisUpdate
      ? `${at(tbs.thisUpdate)} after ${at(previous.tbs.thisUpdate)}`
      : undefined,
};
