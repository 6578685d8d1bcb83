import { oidName } from '../../x509/oids.ts';
import { extensionTable } from '../../profile/extension-table.ts';
import { everyType, listed } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const certExtensionCriticality: CertificateRule = {
  id: 'cert-extension-criticality',
  clause: 'RFC 5280 §4.2.1; BR 7.1.2.1.2, 7.1.2.6.1 and 7.1.2.7.6',
  demand: 'Every extension is critical where its profile type says so, and only there.',
  appliesTo: everyType,
  check: ({ tbs, type }) =>
    listed(
      tbs.extensions.flatMap(({ oid, critical }) => {
        const wanted = extensionTable[type][oid]?.critical;
        // `if-subject-empty` has a rule of its own: leaf-san-criticality.
        if (typeof wanted !== 'boolean' || wanted === critical) return [];
        return [`${oidName(oid)} is ${critical ? '' : 'not '}critical`];
      }),
    ),
};
