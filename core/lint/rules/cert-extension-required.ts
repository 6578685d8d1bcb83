import { extensionOf } from '../../x509/certificate.ts';
import { oidName } from '../../x509/oids.ts';
import { extensionTable } from '../../profile/extension-table.ts';
import { everyType, listed } from '../helpers.ts';
import type { CertificateRule } from '../rule.ts';

export const certExtensionRequired: CertificateRule = {
  id: 'cert-extension-required',
  clause: 'BR 7.1.2.1.2, 7.1.2.6.1, 7.1.2.7.6 and 7.1.2.8.2; Coldroot profile table',
  demand: 'Every extension that its profile type requires is there.',
  appliesTo: everyType,
  check: ({ tbs, type }) =>
    listed(
      Object.entries(extensionTable[type])
        .filter(([oid, { presence }]) => presence === 'required' && extensionOf(tbs, oid) === undefined)
        .map(([oid]) => `no ${oidName(oid)}`),
    ),
};
