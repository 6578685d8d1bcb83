import { at } from '../helpers.ts';
import type { CrlRule } from '../rule.ts';

export const crlUpdateOrder: CrlRule = {
  id: 'crl-update-order',
  clause: 'RFC 5280 §5.1.2.5',
  demand: 'nextUpdate is not before thisUpdate.',
  check: ({ tbs: { thisUpdate, nextUpdate } }) =>
    nextUpdate !== undefined && nextUpdate < thisUpdate ? `${at(thisUpdate)} to ${at(nextUpdate)}` : undefined,
};
