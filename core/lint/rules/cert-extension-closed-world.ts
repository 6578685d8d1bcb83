import { oidName } from '../../x509/oids.ts';
import { extensionTable } from '../../profile/extension-table.ts';
import { everyType } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const certExtensionClosedWorld: CertificateRule = {
  id: 'cert-extension-closed-world',
  clause: 'BR 7.1.2.11.5 (other extensions); Coldroot profile table',
  demand: 'Only the extensions of its profile type may be there.',
  appliesTo: everyType,
  check: ({ tbs, type }) => {
    const strangers = tbs.extensions.filter(({ oid }) => extensionTable[type][oid] === undefined);
    return strangers.length === 0 ? undefined : strangers.map(({ oid }) => oidName(oid)).join(', ');
  },
};
