import { formatSerial } from '../../x509/serial.ts';
import { listed } from '../helpers.ts';
import type { CrlRule } from '../rule.ts';

export const crlKeepsEntries: CrlRule = {
  id: 'crl-keeps-entries',
  clause: 'RFC 5280 §3.3; BR 4.10.1',
  demand: 'A CRL for CA certificates still lists every certificate that the CRL before it lists.',
  check: ({ tbs, previous, scope }) => {
    // Leaves expire within months and may then go; only the database knows which have, so lint leaves them to it.
    if (previous === undefined || scope !== 'ca') return undefined;
    const kept = new Set(tbs.entries.map(({ serial }) => formatSerial(serial)));
    return listed(
      previous.tbs.entries
        .map(({ serial }) => formatSerial(serial))
        .filter((serial) => !kept.has(serial))
        .map((serial) => `${serial} is gone`),
    );
  },
};
