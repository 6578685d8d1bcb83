import { oidName } from '../../x509/oids.ts';
import { listed } from '../helpers.ts';
import { crlExtensionTable } from '../crl-tables.ts';
import type { CrlRule } from '../rule.ts';

export const crlExtensionClosedWorld: CrlRule = {
  id: 'crl-extension-closed-world',
  clause: 'BR 7.2.2 (any other extension: NOT RECOMMENDED); Coldroot profile table',
  demand: 'A CRL has no extension but authority key identifier, CRL number and issuing distribution point.',
  check: ({ tbs }) =>
    listed(tbs.extensions.flatMap(({ oid }) => (crlExtensionTable[oid] === undefined ? [oidName(oid)] : []))),
};
