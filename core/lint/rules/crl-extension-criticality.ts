import { oidName } from '../../x509/oids.ts';
import { listed } from '../helpers.ts';
import { crlExtensionTable } from '../crl-tables.ts';
import type { CrlRule } from '../rule.ts';

export const crlExtensionCriticality: CrlRule = {
  id: 'crl-extension-criticality',
  clause: 'RFC 5280 §5.2; BR 7.2.2',
  demand: 'The issuing distribution point is critical, every other extension of a CRL is not.',
  check: ({ tbs }) =>
    listed(
      tbs.extensions.flatMap(({ oid, critical }) => {
        const wanted = crlExtensionTable[oid]?.critical;
        if (wanted === undefined || wanted === critical) return [];
        return [`${oidName(oid)} is ${critical ? '' : 'not '}critical`];
      }),
    ),
};
