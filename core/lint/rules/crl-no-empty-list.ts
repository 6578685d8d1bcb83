import type { CrlRule } from '../rule.ts';

export const crlNoEmptyList: CrlRule = {
  id: 'crl-no-empty-list',
  clause: 'RFC 5280 §5.1.2.6',
  demand: 'Without revoked certificates the list is left out, not empty.',
  check: ({ tbs }) => (tbs.emptyListEncoded ? 'an empty list' : undefined),
};
