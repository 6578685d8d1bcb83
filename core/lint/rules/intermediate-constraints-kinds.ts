import { listed, nameConstraintsOf } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const intermediateConstraintsKinds: CertificateRule = {
  id: 'intermediate-constraints-kinds',
  clause: 'RFC 5280 §4.2.1.10; Coldroot profile table',
  demand: 'Name constraints are about DNS names and IP addresses.',
  appliesTo: ['intermediate'],
  check: ({ tbs }) => {
    const { permitted = [], excluded = [] } = nameConstraintsOf(tbs) ?? {};
    const kinds = [...permitted, ...excluded].map(({ kind }) => kind);
    return listed(kinds.filter((kind) => kind !== 'dns' && kind !== 'ip'));
  },
};
