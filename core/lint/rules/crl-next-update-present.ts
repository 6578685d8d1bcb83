import type { CrlRule } from '../rule.ts';

export const crlNextUpdatePresent: CrlRule = {
  id: 'crl-next-update-present',
  clause: 'RFC 5280 §5.1.2.5; BR 7.2 (nextUpdate: MUST)',
  demand: 'A CRL says when the next one will be there.',
  check: ({ tbs }) => (tbs.nextUpdate === undefined ? 'no nextUpdate' : undefined),
};
