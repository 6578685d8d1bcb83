import { nameConstraintsOf } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const intermediateConstraintsNotEmpty: CertificateRule = {
  id: 'intermediate-constraints-not-empty',
  clause: 'RFC 5280 §4.2.1.10',
  demand: 'Name constraints, where they are, permit or exclude something.',
  appliesTo: ['intermediate'],
  check: ({ tbs }) => {
    const constraints = nameConstraintsOf(tbs);
    if (constraints === undefined) return undefined;
    return constraints.permitted.length + constraints.excluded.length === 0 ? 'an empty sequence' : undefined;
  },
};
