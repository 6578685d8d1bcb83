import type { CrlRule } from '../rule.ts';

export const crlVersion2: CrlRule = {
  id: 'crl-version-2',
  clause: 'RFC 5280 §5.1.2.1',
  demand: 'A CRL has version 2.',
  check: ({ tbs }) => (tbs.version === 2 ? undefined : `version ${tbs.version}`),
};
