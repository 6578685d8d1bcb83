import { dnsExcludedBy, dnsPermitted } from '../constraints.ts';
import { dnsNamesOf } from '../dns-name.ts';
import { listed, nameConstraintsOf } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const leafConstraintsDns: CertificateRule = {
  id: 'leaf-constraints-dns',
  clause: 'RFC 5280 §4.2.1.10',
  demand: 'Every DNS name is inside what the issuer’s name constraints permit and outside what they exclude.',
  appliesTo: ['leaf'],
  check: ({ tbs, issuer }) => {
    const { permitted = [], excluded = [] } = (issuer && nameConstraintsOf(issuer.tbs)) ?? {};
    const inside = permitted.flatMap((name) => (name.kind === 'dns' ? [name.value] : []));
    const outside = excluded.flatMap((name) => (name.kind === 'dns' ? [name.value] : []));
    return listed(
      dnsNamesOf(tbs).flatMap((name) => {
        const under = dnsExcludedBy(name, outside);
        if (under !== undefined) return [`${name} is excluded by "${under}"`];
        return dnsPermitted(name, inside) ? [] : [`${name} is not permitted`];
      }),
    );
  },
};
