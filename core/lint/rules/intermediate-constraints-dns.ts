import { isLdhName, maximumDnsNameLength } from '../dns-name.ts';
import { listed, nameConstraintsOf } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const intermediateConstraintsDns: CertificateRule = {
  id: 'intermediate-constraints-dns',
  clause: 'RFC 5280 §4.2.1.10; BR 7.1.2.5.2',
  demand:
    'Constraints on DNS names are lower-case names without leading dot or wildcard; only an exclusion may be empty.',
  appliesTo: ['intermediate'],
  check: ({ tbs }) => {
    const { permitted = [], excluded = [] } = nameConstraintsOf(tbs) ?? {};
    const bases = [...permitted, ...excluded.filter((name) => name.kind !== 'dns' || name.value !== '')];
    return listed(
      bases
        .flatMap((name) => (name.kind === 'dns' ? [name.value] : []))
        .filter((base) => !isLdhName(base) || base.length > maximumDnsNameLength)
        .map((base) => JSON.stringify(base)),
    );
  },
};
