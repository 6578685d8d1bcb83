import { extensionOf } from '../../x509/certificate.ts';
import { oids } from '../../x509/oids.ts';
import { formatSerial } from '../../x509/serial.ts';
import { listed } from '../helpers.ts';
import type { CrlRule } from '../rule.ts';

export const crlReasonRequired: CrlRule = {
  id: 'crl-reason-required',
  clause: 'BR 7.2.2 (reasonCode of a CA certificate: MUST)',
  demand: 'Every revoked CA certificate has a reason.',
  check: ({ tbs, scope }) => {
    if (scope !== 'ca') return undefined;
    const bare = tbs.entries.filter((entry) => extensionOf(entry, oids.reasonCode) === undefined);
    return listed(bare.map(({ serial }) => formatSerial(serial)));
  },
};
